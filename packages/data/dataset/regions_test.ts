import { assertEquals } from "@std/assert";
import {
  DECATHLON,
  DECATHLON_FILES,
  makeFolder,
  NNUNET,
  NNUNET_FILES,
  problemsOf,
} from "../testdata/dataset_folder.ts";
import { readDataset } from "./read_dataset.ts";

Deno.test("readDataset() reads regions, the ignore label and label values of 16 bits", async () => {
  const { labels, regions, regionsClassOrder, ignoreLabel } = await readDataset(
    await makeFolder({
      ...NNUNET,
      labels: { background: 0, whole: [300, 65534, 2], core: [2, 65534], active: 2, ignore: 65535 },
      regions_class_order: [300, 65534, 2],
    }, NNUNET_FILES),
  );
  assertEquals({ labels, regions, regionsClassOrder, ignoreLabel }, {
    labels: [
      { name: "background", value: 0 },
      { name: "active", value: 2 },
      { name: "label 300", value: 300 },
      { name: "label 65534", value: 65534 },
    ],
    regions: [
      { name: "whole", values: [300, 65534, 2] },
      { name: "core", values: [2, 65534] },
      { name: "active", values: [2] },
    ],
    regionsClassOrder: [300, 65534, 2],
    ignoreLabel: 65535,
  });
  const decathlon = await readDataset(
    await makeFolder({
      ...DECATHLON,
      labels: { 0: "background", 60000: "atrium", 65535: "ignore" },
    }, DECATHLON_FILES),
  );
  assertEquals(decathlon.labels[1], { name: "atrium", value: 60000 });
  assertEquals(decathlon.ignoreLabel, 65535);
});

Deno.test("readDataset() takes lists of one value as labels when no list has more", async () => {
  const labels = { background: 0, tumour: [1] };
  const dataset = await readDataset(await makeFolder({ ...NNUNET, labels }, NNUNET_FILES));
  assertEquals(dataset.labels[1], { name: "tumour", value: 1 });
  assertEquals(dataset.regions, undefined);
});

Deno.test("readDataset() throws with every problem of regions", async () => {
  const problemsWith = async (change: Record<string, unknown>) =>
    await problemsOf(await makeFolder({ ...NNUNET, ...change }, NNUNET_FILES));
  const labels = { background: 0, whole: [1, 2], core: 2 };
  assertEquals(await problemsWith({ labels }), [
    "$.regions_class_order: expected 2 values, with which the regions whole, core are painted in " +
    "this order, found nothing",
  ]);
  assertEquals(await problemsWith({ labels, regions_class_order: [1] }), [
    "$.regions_class_order: expected 2 values, with which the regions whole, core are painted in " +
    "this order, found [1]",
  ]);
  assertEquals(await problemsWith({ labels, regions_class_order: [3, "2"] }), [
    '$.regions_class_order[0]: expected a value of the region "whole", 1 or 2, found 3',
    '$.regions_class_order[1]: expected a value of the region "core", 2, found "2"',
  ]);
  assertEquals(
    await problemsWith({
      labels: { whole: [0, 1, 2], core: [2, 2], again: [2, 1, 0], 7: 2, ignore: [3] },
      regions_class_order: [1, 2, 1, 2],
    }),
    [
      "$.labels.ignore: expected a whole number from 0 to 65535, found [3]",
      '$.labels["7"]: expected a name that is no whole number, as there are regions',
      "$.labels.whole: expected a region without the background, 0, found [0,1,2]",
      "$.labels.core: expected every value once, found [2,2]",
      "$.labels.again: expected a region without the background, 0, found [2,1,0]",
      '$.labels.again: [2,1,0] is the region "whole" already',
      '$.regions_class_order[0]: expected a value of the region "7", 2, found 1',
      '$.regions_class_order[2]: expected a value of the region "core", 2 or 2, found 1',
      "$.labels: expected a background with the value 0",
    ],
  );
});
