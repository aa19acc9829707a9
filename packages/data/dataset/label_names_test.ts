import { assertEquals } from "@std/assert";
import golden from "../testdata/labels.json" with { type: "json" };
import { nnunetLabels } from "./label_names.ts";

for (const { labels, ...expected } of golden) {
  Deno.test(`nnunetLabels() equals nnU-Net's LabelManager for ${Object.keys(labels)}`, () => {
    const problems: string[] = [];
    const found = nnunetLabels({ ...expected, labels }, problems);
    assertEquals(problems, []);
    assertEquals(found.labels.map(({ value }) => value), expected.values);
    assertEquals(found.ignoreLabel ?? null, expected.ignoreLabel);
    assertEquals(found.regions?.map(({ values }) => values) ?? null, expected.regions);
    assertEquals(found.regionsClassOrder ?? null, expected.regions_class_order);
    assertEquals((found.regions ?? found.labels).length, expected.heads);
  });
}
