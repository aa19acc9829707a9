import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { assertMessage, createProject } from "../testdata/project.ts";
import { digestPath } from "./digest.ts";
import { disk } from "./file_system.ts";
import { canonicalJson, keyOf } from "./key.ts";
import { openStatCache } from "./stat_cache.ts";
import { why } from "./why.ts";

const none = { get: () => undefined, put() {}, save: () => Promise.resolve() };

Deno.test("digestPath() is the sha256 of a file's bytes", async () => {
  await using project = await createProject({ "a": "abc" });
  assertEquals(
    await digestPath(join(project.folder, "a"), none),
    // printf abc | sha256sum
    "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

Deno.test("digestPath() of a folder depends on names and bytes, not on order and place", async () => {
  await using project = await createProject({
    "one/x/a": "1",
    "one/b": "2",
    "two/b": "2",
    "two/x/a": "1",
    "three/x/b": "1",
    "three/b": "2",
    "four/b": "21",
    "four/x/a": "",
  });
  const digest = (name: string) => digestPath(join(project.folder, name), none);
  assertEquals(await digest("one"), await digest("two"));
  const all = new Set([await digest("one"), await digest("three"), await digest("four")]);
  assertEquals(all.size, 3);
});

Deno.test("digestPath() follows links inside of the folder and refuses circles", async () => {
  await using project = await createProject({ "d/x/a": "1", "e/x/a": "1", "e/y/a": "1" });
  const path = (name: string) => join(project.folder, name);
  await Deno.symlink("x", path("d/y"));
  assertEquals(await digestPath(path("d"), none), await digestPath(path("e"), none));
  await Deno.symlink("..", path("d/x/up"));
  await assertMessage(
    () => digestPath(path("d"), none),
    `Cannot follow the symbolic link ${path("d/x/up")}: it leads back to ${path("d")}`,
  );
});

Deno.test("openStatCache() remembers only files that have settled", async () => {
  await using project = await createProject({ "old": "abc", "new": "abc" });
  const path = (name: string) => join(project.folder, name);
  await Deno.utime(path("old"), new Date(0), new Date(1e12));
  const cache = await openStatCache(disk, path("stat.json"));
  const digest = await digestPath(path("old"), cache);
  await digestPath(path("new"), cache);
  await cache.save();
  const again = await openStatCache(disk, path("stat.json"));
  assertEquals(again.get(path("old"), await Deno.stat(path("old"))), digest);
  assertEquals(again.get(path("new"), await Deno.stat(path("new"))), undefined);
  await Deno.writeTextFile(path("old"), "abd");
  assertEquals(again.get(path("old"), await Deno.stat(path("old"))), undefined);
});

const fields = {
  format: 1,
  uses: "local",
  revision: 1,
  source: "sha256:" + "a".repeat(64),
  with: { epochs: 5, model: { size: "S", deep: true } },
  seed: 1,
  in: { volumes: ["sha256:" + "b".repeat(64)] },
} as const;

Deno.test("keyOf() does not depend on the order of keys", () => {
  const turned = { ...fields, with: { model: { deep: true, size: "S" }, epochs: 5 } };
  assertEquals(keyOf(turned), keyOf(fields));
  assertEquals(
    canonicalJson({ b: [1, { d: null, c: "x" }], a: undefined }),
    `{"b":[1,{"c":"x","d":null}]}`,
  );
});

for (
  const [name, change, text] of [
    ["a parameter", { with: { ...fields.with, epochs: 9 } }, "with.epochs: 5 -> 9"],
    ["a new parameter", { with: { ...fields.with, a: 1 } }, "with.a: nothing -> 1"],
    [
      "a deep parameter",
      { with: { epochs: 5, model: { size: "B", deep: true } } },
      `with.model.size: "S" -> "B"`,
    ],
    ["the seed", { seed: 2 }, "seed: 1 -> 2"],
    ["the revision", { revision: 2 }, "revision: 1 -> 2"],
    [
      "an input",
      { in: { volumes: ["sha256:" + "c".repeat(64)] } },
      "in.volumes: [sha256:bbbbbbbb…] -> [sha256:cccccccc…]",
    ],
    [
      "a list of inputs",
      { in: { volumes: ["sha256:" + "c".repeat(64), "sha256:" + "d".repeat(64)] } },
      "in.volumes: [sha256:bbbbbbbb…] -> [sha256:cccccccc…,sha256:dddddddd…]",
    ],
    [
      "the source",
      { source: "sha256:" + "c".repeat(64) },
      "source: sha256:aaaaaaaa… -> sha256:cccccccc…",
    ],
  ] as const
) {
  Deno.test(`keyOf() changes and why() says so when ${name} changes`, () => {
    const now = { ...fields, ...change };
    assertEquals(keyOf(now) === keyOf(fields), false);
    assertEquals(why(fields, now), text);
  });
}
