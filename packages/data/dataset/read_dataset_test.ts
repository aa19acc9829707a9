import { assertEquals } from "@std/assert";
import { basename, fromFileUrl, join } from "@std/path";
import {
  DECATHLON,
  DECATHLON_FILES,
  makeFolder,
  NNUNET,
  NNUNET_FILES,
  problemsOf,
} from "../testdata/dataset_folder.ts";
import { readDataset } from "./read_dataset.ts";

Deno.test("readDataset() reads an nnU-Net folder and passes over macOS files", async () => {
  const extra = ["imagesTr/._a_0000.nii.gz", "labelsTr/._a.nii.gz", "imagesTr/notes.txt"];
  const folder = await makeFolder(NNUNET, [...NNUNET_FILES, ...extra]);
  const at = (...names: string[]) => names.map((name) => join(folder, `${name}.nii.gz`));
  assertEquals(await readDataset(folder), {
    name: basename(folder),
    channelNames: ["CT", "PET"],
    labels: [{ name: "background", value: 0 }, { name: "tumour", value: 1 }],
    training: [
      {
        id: "a",
        images: at("imagesTr/a_0000", "imagesTr/a_0001"),
        label: at("labelsTr/a")[0],
      },
      {
        id: "b_2",
        images: at("imagesTr/b_2_0000", "imagesTr/b_2_0001"),
        label: at("labelsTr/b_2")[0],
      },
    ],
    test: [{ id: "c", images: at("imagesTs/c_0000", "imagesTs/c_0001") }],
    unlisted: [],
  });
});

Deno.test("readDataset() reads the cases that an nnU-Net dataset.json lists itself", async () => {
  const dataset = {
    z: { images: ["somewhere/1.nii.gz", "somewhere/2.nii.gz"], label: "else/1.nii.gz" },
  };
  const files = ["somewhere/1.nii.gz", "somewhere/2.nii.gz", "else/1.nii.gz"];
  const folder = await makeFolder({ ...NNUNET, numTraining: 1, dataset }, files);
  assertEquals((await readDataset(folder)).training, [{
    id: "z",
    images: [join(folder, files[0]), join(folder, files[1])],
    label: join(folder, files[2]),
  }]);
});

Deno.test("readDataset() reads a Decathlon folder and names pairs that it does not list", async () => {
  const extra = ["imagesTr/la_9.nii.gz", "labelsTr/la_9.nii.gz", "imagesTr/._la_1.nii.gz"];
  const folder = await makeFolder(DECATHLON, [...DECATHLON_FILES, ...extra]);
  const dataset = await readDataset(folder);
  assertEquals(dataset.name, "Heart");
  assertEquals(dataset.channelNames, ["MRI"]);
  assertEquals(dataset.labels[1], { name: "left atrium", value: 1 });
  assertEquals(dataset.training.map(({ id }) => id), ["la_1", "la_2"]);
  assertEquals(dataset.training[0].images, [join(folder, "imagesTr/la_1.nii.gz")]);
  assertEquals(dataset.test, [{ id: "la_3", images: [join(folder, "imagesTs/la_3.nii.gz")] }]);
  assertEquals(dataset.unlisted, ["la_9"]);
});

Deno.test("readDataset() throws with every file that lacks its partner", async () => {
  const nnunet = await makeFolder(NNUNET, [
    ...NNUNET_FILES.filter((file) => file !== "labelsTr/a.nii.gz" && !file.includes("Tr/b_2_0001")),
    "labelsTr/lonely.nii.gz",
    "imagesTr/badname.nii.gz",
    "imagesTr/a_0002.nii.gz",
  ]);
  assertEquals(await problemsOf(nnunet), [
    "imagesTr/a_0002.nii.gz: expected a name CASE_CHANNEL.nii.gz with a channel from 0000 to 0001",
    "imagesTr/badname.nii.gz: expected a name CASE_CHANNEL.nii.gz with a channel from 0000 to 0001",
    'imagesTr/b_2_0001.nii.gz: expected a file, found none at "imagesTr/b_2_0001.nii.gz"',
    'labelsTr/a.nii.gz: expected the label of the image "a" in imagesTr, found none',
    'imagesTr/b_2_0000.nii.gz: expected the image of the label "b_2" in labelsTr, found none',
    'imagesTr/lonely_0000.nii.gz: expected the image of the label "lonely" in labelsTr, found none',
  ]);
  const decathlon = await makeFolder(DECATHLON, [
    ...DECATHLON_FILES,
    "imagesTr/only_image.nii.gz",
    "labelsTr/only_label.nii.gz",
  ]);
  assertEquals(await problemsOf(decathlon), [
    "imagesTr/only_image.nii.gz: expected a label for it in labelsTr, found none",
    "labelsTr/only_label.nii.gz: expected an image for it in imagesTr, found none",
  ]);
});

Deno.test("readDataset() throws when a listed label stands beside another image than its own", async () => {
  const folder = await makeFolder({
    ...DECATHLON,
    numTraining: 1,
    training: [{ image: "../la_2.nii.gz", label: "./labelsTr/la_2.nii.gz" }],
  }, ["imagesTr/la_2.nii.gz", "labelsTr/la_2.nii.gz"]);
  const problems = await problemsOf(folder);
  assertEquals(problems.filter((problem) => problem.includes("Tr/")), [
    "imagesTr/la_2.nii.gz: expected it beside labelsTr/la_2.nii.gz in $.training, found another",
  ]);
});

Deno.test("readDataset() throws with every problem of an nnU-Net dataset.json", async () => {
  const folder = await makeFolder({
    channel_names: { 0: "CT", 2: "PET" },
    labels: { background: 1, tumour: 1, half: 0.5, huge: 65536, none: [], ignore: 1 },
    numTraining: "2",
    file_ending: "../nii",
  }, []);
  assertEquals(await problemsOf(folder), [
    '$.channel_names: expected the keys "0" to "1", found ["0","2"]',
    "$.labels.half: expected a whole number from 0 to 65535, found 0.5",
    "$.labels.huge: expected a whole number from 0 to 65535, found 65536",
    "$.labels.none: expected at least one label value, found []",
    '$.labels.tumour: 1 is the label "background" already',
    "$.labels.background: expected 0, found [1]",
    "$.labels: expected a label besides the background",
    "$.labels.ignore: expected a value above 1, the largest label, as these voxels are no class; " +
    "found 1",
    '$.file_ending: expected an ending such as ".nii.gz", found "../nii"',
    '$.numTraining: expected a whole number, found "2"',
  ]);
  const counted = await makeFolder({ ...NNUNET, numTraining: 3 }, NNUNET_FILES);
  assertEquals(await problemsOf(counted), [
    "$.numTraining: expected 2, the number of training cases, found 3",
  ]);
});

Deno.test("readDataset() throws with every problem of a Decathlon dataset.json", async () => {
  const folder = await makeFolder({
    modality: [],
    labels: { 0: "background", one: "left atrium", 2: 7, 65536: "huge" },
    numTraining: 9,
    numTest: 5,
    training: [
      7,
      { image: "imagesTr/la_1.nii.gz", label: "" },
      { image: "imagesTr/none.nii.gz", label: "labelsTr/la_1.nii.gz" },
      DECATHLON.training[0],
      DECATHLON.training[0],
    ],
    test: [{ image: 3 }, []],
  }, DECATHLON_FILES);
  assertEquals(await problemsOf(folder), [
    "$.modality: expected an object, found []",
    '$.labels["2"]: expected a text, found 7',
    '$.labels["65536"]: expected a whole number from 0 to 65535 as key, found "65536"',
    '$.labels.one: expected a whole number from 0 to 65535 as key, found "one"',
    "$.training[0]: expected an object, found 7",
    '$.training[1].label: expected a text, found ""',
    '$.training[2].image: expected a file, found none at "imagesTr/none.nii.gz"',
    "$.numTraining: expected 5, the length of $.training, found 9",
    "$.test[0].image: expected a text, found 3",
    "$.test[1]: expected at least one text, found []",
    "$.numTest: expected 2, the length of $.test, found 5",
    'training: the case "la_2" occurs more than once',
  ]);
});

Deno.test("readDataset() throws when a path leads out of the folder", async () => {
  const outside = await makeFolder({}, ["secret.nii.gz"]);
  const folder = await makeFolder({
    ...DECATHLON,
    training: [
      { image: "../secret.nii.gz", label: `${outside}/secret.nii.gz` },
      { image: "imagesTr/link.nii.gz", label: "labelsTr/la_1.nii.gz" },
    ],
  }, DECATHLON_FILES.filter((file) => !file.startsWith("imagesTr")));
  await Deno.mkdir(join(folder, "imagesTr"));
  await Deno.symlink(join(outside, "secret.nii.gz"), join(folder, "imagesTr/link.nii.gz"));
  const expected = "expected a path inside the data set's folder, found";
  assertEquals((await problemsOf(folder)).slice(0, 3), [
    `$.training[0].image: ${expected} "../secret.nii.gz"`,
    `$.training[0].label: ${expected} "${outside}/secret.nii.gz"`,
    `$.training[1].image: ${expected} "imagesTr/link.nii.gz", a link to the outside`,
  ]);
  const named = await makeFolder({
    ...NNUNET,
    numTraining: 1,
    dataset: { "../../evil": { images: NNUNET_FILES.slice(0, 2), label: NNUNET_FILES[4] } },
  }, NNUNET_FILES);
  assertEquals(await problemsOf(named), [
    '$.dataset["../../evil"]: expected a case name that can name a file',
  ]);
});

Deno.test("readDataset() throws when a case of a folder has a name that other systems refuse", async () => {
  const files = [...NNUNET_FILES, "imagesTs/d:1_0000.nii.gz", "imagesTs/d:1_0001.nii.gz"];
  assertEquals(await problemsOf(await makeFolder(NNUNET, files)), [
    "imagesTs/d:1_*.nii.gz: expected a case name that can name a file anywhere",
  ]);
});

Deno.test("readDataset() throws when there is no dataset.json, or none that it knows", async () => {
  const folder = await Deno.makeTempDir();
  assertEquals(await problemsOf(folder), ["dataset.json: expected a file, found none"]);
  assertEquals(await problemsOf(join(folder, "nowhere")), [
    "dataset.json: expected a file, found none",
  ]);
  assertEquals(await problemsOf(await makeFolder("[1]", [])), ["$: expected an object, found [1]"]);
  assertEquals(await problemsOf(await makeFolder({ name: "x" }, [])), [
    '$: expected "channel_names" (nnU-Net) or "modality" (Decathlon), found ["name"]',
  ]);
  const [problem] = await problemsOf(await makeFolder("{", []));
  assertEquals(problem.startsWith("dataset.json: expected JSON: "), true);
});

const hippocampus = fromFileUrl(
  new URL("../../../../shared/data/hippocampus/", import.meta.url),
);
const exists = await Deno.stat(hippocampus).then(() => true, () => false);

Deno.test({
  name: "readDataset() reads the hippocampus set (needs ../shared/data/hippocampus)",
  ignore: !exists,
  async fn() {
    const dataset = await readDataset(hippocampus);
    assertEquals(dataset.name, "Hippocampus");
    assertEquals(dataset.channelNames, ["MRI"]);
    assertEquals(dataset.labels.map(({ name, value }) => `${value} ${name}`), [
      "0 background",
      "1 Anterior",
      "2 Posterior",
    ]);
    assertEquals([dataset.training.length, dataset.test.length], [200, 60]);
    assertEquals(dataset.unlisted, []);
  },
});

Deno.test({
  name:
    "readDataset() throws when the misfits lie among the cases (needs ../shared/data/hippocampus)",
  ignore: !exists,
  async fn() {
    const folder = await makeFolder(DECATHLON, DECATHLON_FILES);
    const image = "hippocampus_118_image_nolabel.nii.gz";
    const label = "hippocampus_010_label_noimage.nii.gz";
    await Deno.copyFile(join(hippocampus, "misfits", image), join(folder, "imagesTr", image));
    await Deno.copyFile(join(hippocampus, "misfits", label), join(folder, "labelsTr", label));
    assertEquals(await problemsOf(folder), [
      `imagesTr/${image}: expected a label for it in labelsTr, found none`,
      `labelsTr/${label}: expected an image for it in imagesTr, found none`,
    ]);
  },
});
