/**
 * Makes `jsr:@std/*` resolve on this machine, whatever network it has.
 *
 *     deno task setup
 *
 * Where JSR answers there is nothing to do: Deno fetches the packages when it needs them. On a network
 * that reaches only npm, the same packages are taken out of a pinned npm tarball that carries them, and
 * laid into `vendor/`, where Deno looks first (`"vendor": true` in `deno.json`). `@std/cli` is in no npm
 * tarball, so a stand-in serves its `parse-args`; `deno task setup` says so.
 *
 * The script imports nothing from JSR or npm, because it runs before either is known to work.
 */
import { fetchCarrier } from "./carrier.ts";
import { standIn } from "./stand_in.ts";
import { isFilled, writeVendor } from "./vendor.ts";

const VENDOR = new URL("../../vendor/", import.meta.url);

/** Whether JSR gives a package, asked through Deno itself, so that its own settings count. */
async function jsrAnswers(): Promise<boolean> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["info", "--no-config", "--no-lock", "--reload", "--json", "jsr:@std/assert@^1"],
    stdout: "piped",
    stderr: "null",
    signal: AbortSignal.timeout(15_000),
  });
  const { stdout, success } = await command.output();
  return success && !new TextDecoder().decode(stdout).includes('"error"');
}

async function setup(): Promise<void> {
  if (await isFilled(VENDOR)) return;
  if (await jsrAnswers()) {
    console.log("setup: JSR answers, nothing to do");
    return;
  }
  console.log("setup: JSR does not answer, filling vendor/ from npm");
  const { host, packages } = await fetchCarrier();
  const all = [...packages, await standIn()];
  await writeVendor(VENDOR, host, all);
  for (const { name, version, origin } of all) {
    console.log(`setup: ${name}@${version} (${origin})`);
  }
}

if (import.meta.main) {
  try {
    await setup();
  } catch (error) {
    console.error(`setup: ${error instanceof Error ? error.message : error}`);
    Deno.exit(1);
  }
}
