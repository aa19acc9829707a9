/**
 * A worker thread that preprocesses cases.
 * @module
 */
import { preprocessEntry } from "./preprocess_entry.ts";
import { serveCases } from "./serve_cases.ts";

serveCases(preprocessEntry);
