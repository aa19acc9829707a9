import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { freeMemory } from "./free_memory.ts";

Deno.test("freeMemory() keeps to the limit of a container, of either version, without the file cache", async () => {
  const folder = await Deno.makeTempDir();
  const machine = freeMemory(folder);
  assertEquals(machine > 2 ** 20, true);
  const write = (name: string, text: string) => Deno.writeTextFile(join(folder, name), text);
  await write("memory.max", "max\n");
  await write("memory.current", "5000\n");
  await write("memory.stat", "anon 1\ninactive_file 700\nactive_file 9\n");
  assertEquals(freeMemory(folder) > 2 ** 20, true);
  await write("memory.max", "104800\n");
  assertEquals(freeMemory(folder), 104_800 - 5000 + 700);
  await write("memory.max", "1000\n");
  assertEquals(freeMemory(folder), 0);
  await Deno.mkdir(join(folder, "memory"));
  await write("memory.max", "max\n");
  await write("memory/memory.limit_in_bytes", "9000\n");
  await write("memory/memory.usage_in_bytes", "2000\n");
  await write("memory/memory.stat", "cache 3\ntotal_inactive_file 100\n");
  assertEquals(freeMemory(folder), 7100);
  await Deno.remove(folder, { recursive: true });
});
