import { assertEquals } from "@std/assert";
import { compactJson } from "./compact_json.ts";

Deno.test("compactJson() keeps lists of plain values on one line", () => {
  const value = { a: [1, "[ 2 ]\n"], b: [], c: {}, d: [{ e: null, f: undefined }, [[0, 1], true]] };
  const text = `{
  "a": [1, "[ 2 ]\\n"],
  "b": [],
  "c": {},
  "d": [
    {
      "e": null
    },
    [
      [0, 1],
      true
    ]
  ]
}`;
  assertEquals(compactJson(value), text);
  assertEquals(JSON.parse(text), JSON.parse(JSON.stringify(value)));
});
