/**
 * Runs Deno with the flags of V8 with which the wasm backend is fastest, those that the pipeline starts
 * its training and inference with:
 *
 *     deno run -A tools/with_v8_flags.ts bench -A packages/kernels
 *
 * @module
 */
import { v8Flags } from "@mednext/kernels/v8-flags";

const flags = v8Flags().join(",");
const { code } = await new Deno.Command(Deno.execPath(), {
  args: Deno.args,
  env: flags === "" ? {} : { DENO_V8_FLAGS: flags },
}).spawn().status;
Deno.exit(code);
