/**
 * A worker thread that describes cases.
 * @module
 */
import { fingerprintEntry } from "./fingerprint_entry.ts";
import { serveCases } from "./serve_cases.ts";

serveCases(fingerprintEntry);
