import { assertEquals, assertThrows } from "@std/assert";
import { parse } from "@std/yaml/parse";
import { parseMetricSpecs } from "./parse_metric_specs.ts";

Deno.test("parseMetricSpecs() reads each kind of metric when given YAML", () => {
  const yaml = `
- dice
- dice: { convention: monai, empty: one }
- nsd: { convention: deepmind, tolerance: 1 }
- hd95: { convention: medpy }
- hausdorff: { convention: metricsreloaded, percentile: 99.5, empty: nan }
`;
  assertEquals(parseMetricSpecs(parse(yaml)), [
    { metric: "dice", convention: "nnunet" },
    { metric: "dice", convention: "monai", empty: "one" },
    { metric: "nsd", convention: "deepmind", tolerance: 1 },
    { metric: "hd95", convention: "medpy", percentile: 95 },
    { metric: "hausdorff", convention: "metricsreloaded", percentile: 99.5, empty: "nan" },
  ]);
});

const refused: [string, unknown, string][] = [
  [
    "the list is not a list",
    "dice",
    'Cannot read metrics as they must be a list of at least one: current value is "dice"',
  ],
  [
    "the list is empty",
    [],
    "Cannot read metrics as they must be a list of at least one: current value is []",
  ],
  [
    "a metric is unknown",
    ["iou"],
    "Cannot read metric iou as metrics are dice, nsd, hd95, hausdorff",
  ],
  [
    "a metric has the name of something that objects inherit",
    ["constructor"],
    "Cannot read metric constructor as metrics are dice, nsd, hd95, hausdorff",
  ],
  [
    "an entry names two metrics",
    [{ dice: {}, nsd: {} }],
    'Cannot read a metric as it must be a name or one name with its options, such as { nsd: { convention: deepmind, tolerance: 1 } }: current value is {"dice":{},"nsd":{}}',
  ],
  [
    "the options are a number",
    [{ nsd: 1 }],
    'Cannot read a metric as it must be a name or one name with its options, such as { nsd: { convention: deepmind, tolerance: 1 } }: current value is {"nsd":1}',
  ],
  [
    "the convention is missing",
    ["nsd"],
    "Cannot read metric nsd as 'convention' must be one of deepmind, medpy, metricsreloaded, monai, nnunet-v1: it is missing",
  ],
  [
    "the convention is unknown",
    [{ hd95: { convention: "nnunet" } }],
    "Cannot read metric hd95 as 'convention' must be one of deepmind, medpy, metricsreloaded, monai: current value is \"nnunet\"",
  ],
  [
    "the tolerance is missing",
    [{ nsd: { convention: "deepmind" } }],
    "Cannot read metric nsd as 'tolerance' must be a number of millimetres of at least 0: current value is undefined",
  ],
  [
    "the tolerance is negative",
    [{ nsd: { convention: "deepmind", tolerance: -0.5 } }],
    "Cannot read metric nsd as 'tolerance' must be a number of millimetres of at least 0: current value is -0.5",
  ],
  [
    "the percentile is text",
    [{ hausdorff: { convention: "medpy", percentile: "95" } }],
    "Cannot read metric hausdorff as 'percentile' must be a number from 0 to 100: current value is \"95\"",
  ],
  [
    "an option belongs to another metric",
    [{ hd95: { convention: "medpy", tolerance: 1 } }],
    "Cannot read metric hd95 as its options are convention, empty: found tolerance",
  ],
  [
    "the rule for empty masks is unknown",
    [{ dice: { empty: "zero" } }],
    "Cannot read metric dice as 'empty' must be one of convention, nan, one: current value is \"zero\"",
  ],
  [
    "a metric is named twice",
    ["dice", { dice: { convention: "nnunet" } }],
    'Cannot read metrics as each must be named once: found {"metric":"dice","convention":"nnunet"} twice',
  ],
];

for (const [when, config, message] of refused) {
  Deno.test(`parseMetricSpecs() throws when ${when}`, () => {
    assertEquals(assertThrows(() => parseMetricSpecs(config), RangeError).message, message);
  });
}
