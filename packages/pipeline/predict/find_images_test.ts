import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { findImages } from "./find_images.ts";

async function inFolder(
  names: readonly string[],
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const name of names) {
      if (name.endsWith("/")) await Deno.mkdir(join(folder, name));
      else await Deno.writeTextFile(join(folder, name), "");
    }
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const one = { channelNames: ["CT"] };
const two = { channelNames: ["T1", "T2"] };

Deno.test("findImages() takes NIfTI and Zarr of a folder in the order of their names, and nothing else", () =>
  inFolder(
    [
      "b.nii",
      "a.nii.gz",
      "._a.nii.gz",
      "c.zarr/",
      "d.hdr",
      "d.img",
      "e.OME.zarr.zip",
      "e.txt",
      "f/",
    ],
    async (folder) => {
      assertEquals(
        await findImages([folder], one),
        [["a", "a.nii.gz"], ["b", "b.nii"], ["c", "c.zarr"], ["d", "d.hdr"], [
          "e",
          "e.OME.zarr.zip",
        ]]
          .map(([id, name]) => ({ id, images: [join(folder, name)] })),
      );
    },
  ));

Deno.test("findImages() takes a Zarr folder of any name as an image", () =>
  inFolder(["scan/", "scan/.zgroup"], async (folder) => {
    const path = join(folder, "scan");
    assertEquals(await findImages([path], one), [{ id: "scan", images: [path] }]);
  }));

Deno.test("findImages() takes the channels of an image by nnU-Net's names", () =>
  inFolder(
    ["a_0001.nii.gz", "a_0000.nii.gz", "b_c.nii.gz", "d_0007.nii.gz"],
    async (folder) => {
      const at = (name: string) => join(folder, `${name}.nii.gz`);
      assertEquals(await findImages([folder], two), [
        { id: "a", images: [at("a_0000"), at("a_0001")] },
        { id: "b_c", images: [at("b_c")] },
        { id: "d_0007", images: [at("d_0007")] },
      ]);
      const files = [at("a_0001"), at("d_0007"), at("a_0000")];
      assertEquals((await findImages(files, two)).map(({ images }) => images), [
        [at("a_0000"), at("a_0001")],
        [at("d_0007")],
      ]);
      assertEquals(await findImages([at("a_0000")], one), [{ id: "a", images: [at("a_0000")] }]);
    },
  ));

Deno.test("findImages() says what is wrong with what there is", () =>
  inFolder(
    ["a_0000.nii.gz", "a_0001.nii.gz", "a_0000.nii", "empty/", "..nii"],
    async (folder) => {
      const at = (name: string) => join(folder, name);
      const cases: [string[], typeof one, string][] = [
        [
          [at("a_0000.nii.gz"), at("a_0001.nii.gz")],
          one,
          "Cannot segment the image a: expected 1 channel (CT) in a_0000, found a_0000, a_0001",
        ],
        [
          [at("a_0000.nii.gz")],
          two,
          "Cannot segment the image a: expected 2 channels (T1, T2) in a_0000, a_0001, found a_0000",
        ],
        [
          [at("a_0000.nii.gz"), at("a_0000.nii")],
          one,
          `Cannot segment the image a: expected one file of that name, found '${
            at("a_0000.nii.gz")
          }' and '${at("a_0000.nii")}'`,
        ],
        [[at("b.nii")], one, `Cannot find images at '${at("b.nii")}': no such file or folder`],
        [
          [at("empty")],
          one,
          `Cannot find images in '${
            at("empty")
          }': expected names that end in .nii, .nii.gz, .hdr or .zarr, found none`,
        ],
        [
          [at("..nii")],
          one,
          `Cannot segment '${at("..nii")}': expected a name that can name a mask, found "."`,
        ],
      ];
      for (const [paths, options, message] of cases) {
        assertEquals(
          (await assertRejects(() => findImages(paths, options), Error)).message,
          message,
        );
      }
    },
  ));
