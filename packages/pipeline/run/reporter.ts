import type { ProgressEvent } from "../stage.ts";

/** What became of an instance. */
export type Outcome = "fresh" | "restored" | "ran" | "failed" | "skipped";

/** Hears what happens during a run. */
export interface Reporter {
  /** An instance starts to run. */
  start(id: string, attempt: { resumed: boolean; retry: number }): void;
  /** A running instance has come further. */
  progress(id: string, event: ProgressEvent): void;
  /** A running instance has something to say. */
  log(id: string, line: string): void;
  /** An instance is done. */
  end(id: string, result: { outcome: Outcome; seconds: number }): void;
  /** Something that the user should know. */
  notice(text: string): void;
}

/** Hears everything and says nothing. */
export const silentReporter: Reporter = {
  start() {},
  progress() {},
  log() {},
  end() {},
  notice() {},
};
