import { conformance } from "./conformance.ts";

conformance("wasm", { threads: 1 });
conformance("wasm", { threads: 2 });
