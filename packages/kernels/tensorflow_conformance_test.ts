import { conformance } from "./conformance.ts";
import { setBackend } from "./set_backend.ts";

const reason = await setBackend("tensorflow").then(() => "", (error: Error) => error.message);

if (reason === "") conformance("tensorflow");
else Deno.test.ignore(`conformance(tensorflow) (ignored: ${reason})`, () => {});
