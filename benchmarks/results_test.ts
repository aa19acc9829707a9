import { assertEquals } from "@std/assert";
import { fakeOurs, fakeOutcome, fakePeer } from "./fake_measurements.ts";
import { makeResults, resultsName, writeResults } from "./results.ts";
import { WORKS } from "./works.ts";

const machine = { cpu: "AMD EPYC", cores: 2, memoryBytes: 8, os: "linux" };
const context = { date: "2026-01-02T03:04:05.678Z", machine, threads: 2, repeats: 1 };

Deno.test("resultsName() keeps whole runs apart from others", () => {
  const name = (quick: boolean, only: string[], plain = false) =>
    resultsName(context, { quick, only, plain });
  assertEquals(name(false, []), "2026-01-02-amd-epyc.json");
  assertEquals(name(true, ["train"]), "2026-01-02-amd-epyc-quick.json");
  assertEquals(name(false, ["train"]), "2026-01-02-amd-epyc-partial.json");
  assertEquals(name(false, [], true), "2026-01-02-amd-epyc-plain.json");
});

Deno.test("writeResults() writes every measurement, of both layouts, in a new folder", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const measurements = [
      ...fakeOurs(fakeOutcome([1, 2, 3], 5)),
      ...fakePeer("contiguous", fakeOutcome([4], 6)),
      ...fakePeer("channels_last_3d", fakeOutcome([5], 7)),
    ];
    const results = makeResults([{ work: WORKS[0], measurements }], context);
    await writeResults(`${folder}/new/a.json`, results);
    const read = JSON.parse(await Deno.readTextFile(`${folder}/new/a.json`));
    assertEquals(read.works[0].measurements, measurements);
    assertEquals(read.works[0].summary.time.ratio, { median: 0.5, min: 0.5, max: 0.5 });
    assertEquals([read.ours, read.pytorch], [{ made: "up" }, { made: "up" }]);
    assertEquals([...Deno.readDirSync(`${folder}/new`)].map((entry) => entry.name), ["a.json"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
