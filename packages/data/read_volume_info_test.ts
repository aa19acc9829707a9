import { assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { readVolume } from "./read_volume.ts";
import { readVolumeInfo } from "./read_volume_info.ts";
import { DATA, filesBelow, hasData } from "./testdata/sample_data.ts";
import { writeZarr } from "./zarr/write_zarr.ts";

Deno.test("readVolumeInfo() reads a Zarr array's metadata and refuses what is no volume", async () => {
  const folder = await Deno.makeTempDir();
  const image = { data: new Uint16Array(24), shape: [2, 3, 4] };
  await writeZarr(`${folder}/a.zarr`, { arrays: { image } });
  assertEquals(await readVolumeInfo(`${folder}/a.zarr/image`), {
    shape: [2, 3, 4],
    channels: 1,
    spacing: [1, 1, 1],
    dtype: "uint16",
  });
  await Deno.writeTextFile(`${folder}/b.nii`, "no volume");
  for (const name of ["b.nii", "none.nii"]) {
    const path = `${folder}/${name}`;
    const { message } = await assertRejects(() => readVolume(path), Error);
    assertEquals((await assertRejects(() => readVolumeInfo(path), Error)).message, message);
  }
  await Deno.remove(folder, { recursive: true });
});

for (const folder of ["spinalcord_sct", "spine_tptbox", "nifti_robustness"]) {
  Deno.test({
    name: `readVolumeInfo() says what readVolume() reads (needs ../shared/data/${folder})`,
    ignore: !hasData(folder),
    async fn() {
      let compared = 0;
      for (const file of filesBelow(folder).filter((name) => /\.(nii|nii\.gz|hdr)$/.test(name))) {
        const path = fromFileUrl(new URL(file, DATA));
        const volume = await readVolume(path).catch(() => undefined);
        if (volume === undefined) continue;
        const { shape, channels, spacing } = await readVolumeInfo(path);
        assertEquals({ shape, channels, spacing }, {
          shape: volume.shape,
          channels: volume.channels,
          spacing: volume.spacing,
        }, file);
        compared++;
      }
      assertEquals(compared > 3, true);
    },
  });
}
