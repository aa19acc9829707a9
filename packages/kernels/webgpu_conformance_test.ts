import { conformance } from "./conformance.ts";
import { setBackend } from "./set_backend.ts";

const reason = await setBackend("webgpu").then(() => "", (error: Error) => error.message);

if (reason === "") conformance("webgpu");
else Deno.test.ignore(`conformance(webgpu) (ignored: ${reason})`, () => {});
