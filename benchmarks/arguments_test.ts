import { assertEquals, assertThrows } from "@std/assert";
import { readArguments } from "./arguments.ts";

Deno.test("readArguments() has three repeats and two threads when nothing is given", () => {
  assertEquals(readArguments([]), {
    ...{ only: [], repeats: 3, threads: 2 },
    ...{ quick: false, plain: false, help: false },
  });
  assertEquals(readArguments(["--quick"]).repeats, 1);
});

Deno.test("readArguments() takes works by several flags or by commas", () => {
  const args = [
    "--only",
    "a,b",
    "--only=c",
    "--repeats",
    "5",
    "--threads=4",
    "--venv",
    "somewhere",
    "--plain",
  ];
  assertEquals(readArguments(args), {
    ...{ only: ["a", "b", "c"], repeats: 5, threads: 4, quick: false, plain: true, help: false },
    venv: "somewhere",
  });
});

Deno.test("readArguments() refuses what it does not know", () => {
  assertThrows(
    () => readArguments(["--repeat", "3"]),
    RangeError,
    "Cannot read the command line: unknown argument --repeat; --help lists them",
  );
  assertThrows(
    () => readArguments(["--threads", "0"]),
    RangeError,
    "Cannot read --threads: expected a positive integer, found 0",
  );
});
