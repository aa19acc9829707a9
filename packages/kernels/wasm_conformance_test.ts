import { conformance } from "./conformance.ts";

conformance("wasm", { threads: 1 });
