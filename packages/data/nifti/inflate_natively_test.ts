import { assertEquals } from "@std/assert";
import { gzipSync } from "fflate";
import { makeNifti } from "../testdata/make_nifti.ts";
import { inflateNatively } from "./inflate_natively.ts";
import { readNifti } from "./read_nifti.ts";

const VOXELS = Uint8Array.from({ length: 600000 }, (_, i) => (i * i) >> 7);
const SOUND = makeNifti({
  dim: [3, 1000, 600, 1],
  datatype: 2,
  voxels: VOXELS,
  sform: { code: 1, rows: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] },
});

Deno.test("inflateNatively() gives the content of a sound file", async () => {
  assertEquals(await inflateNatively(gzipSync(SOUND), 2 ** 20), SOUND);
});

Deno.test("inflateNatively() gives up on what is not plain", async () => {
  const whole = gzipSync(SOUND);
  const damaged = whole.slice();
  damaged[whole.length - 6] ^= 1;
  const more = new Uint8Array(SOUND.length + 2 ** 20);
  more.set(SOUND);
  const several = Uint8Array.from([...whole, ...gzipSync(SOUND)]);
  for (
    const bytes of [damaged, whole.subarray(0, 2000), gzipSync(more), several, new Uint8Array(9)]
  ) {
    assertEquals(await inflateNatively(bytes, 2 ** 20), undefined);
  }
  assertEquals(await inflateNatively(whole, 1000), undefined);
});

Deno.test("readNifti() reads what inflateNatively() gives up on", async () => {
  const path = await Deno.makeTempFile({ suffix: ".nii.gz" });
  const members = [SOUND.subarray(0, 1000), SOUND.subarray(1000)].map((part) => gzipSync(part));
  await Deno.writeFile(path, Uint8Array.from(members.flatMap((member) => [...member])));
  assertEquals((await readNifti(path)).data, VOXELS);
  await Deno.remove(path);
});
