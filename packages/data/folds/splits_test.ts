import { assertEquals, assertRejects } from "@std/assert";
import { readSplits } from "./read_splits.ts";
import { writeSplits } from "./write_splits.ts";

Deno.test("writeSplits() writes nnU-Net's layout, which readSplits() reads", async () => {
  const file = `${await Deno.makeTempDir()}/splits_final.json`;
  const splits = [{ train: ["a", "b"], val: ["c"] }, { train: [], val: ["a"] }];
  await writeSplits(file, splits);
  assertEquals(JSON.parse(await Deno.readTextFile(file)), splits);
  assertEquals(await readSplits(file), splits);
});

Deno.test("readSplits() throws with every problem of the file", async () => {
  const file = await Deno.makeTempFile();
  const problems = async (text: string) => {
    await Deno.writeTextFile(file, text);
    const { message } = await assertRejects(() => readSplits(file), SyntaxError);
    const [head, ...rest] = message.split("\n  ");
    assertEquals(head, `Cannot read the splits in '${file}':`);
    return rest;
  };
  assertEquals(await problems('{"train": []}'), [
    '$: expected a list, found {"train":[]}',
  ]);
  assertEquals(await problems('[{"train": ["a", 3], "val": ["a"]}, 7, {"val": "b"}]'), [
    "$[0].train[1]: expected a text, found 3",
    '$[0]: the case "a" is in train and in val',
    "$[1]: expected an object, found 7",
    "$[2].train: expected a list, found nothing",
    '$[2].val: expected a list, found "b"',
  ]);
  await Deno.remove(file);
  const { message } = await assertRejects(() => readSplits(file), Error);
  assertEquals(message, `Cannot read '${file}': no such file or folder`);
});
