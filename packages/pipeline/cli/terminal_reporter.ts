import type { Outcome, Reporter } from "../run/reporter.ts";
import type { ProgressEvent } from "../stage.ts";
import { type Color, formatSeconds, type Terminal } from "./terminal.ts";

const barWidth = 20;

/** Milliseconds between two redraws, and between two lines where nothing can be redrawn. */
const redrawEvery = 100;
const lineEvery = 5000;

const outcomeColors: Record<Outcome, Color> = {
  fresh: "dim",
  restored: "cyan",
  ran: "green",
  failed: "red",
  skipped: "yellow",
};

interface Running {
  first?: ProgressEvent;
  startedAt: number;
  shownAt: number;
}

/**
 * Shows a run: on a terminal one live line for the running stage, elsewhere a plain line every few
 * seconds.
 *
 * @param terminal Where to write.
 * @param now The clock, in milliseconds.
 */
export function createTerminalReporter(
  terminal: Terminal,
  now: () => number = () => performance.now(),
): Reporter {
  const running = new Map<string, Running>();
  let live = false;
  const clear = () => {
    if (live) terminal.write("\r\x1b[2K");
    live = false;
  };
  const line = (text: string) => {
    clear();
    terminal.write(`${text}\n`);
  };
  return {
    start(id, { resumed, retry }) {
      running.set(id, { startedAt: now(), shownAt: terminal.interactive ? -Infinity : now() });
      const how = resumed ? "resumed" : retry > 0 ? "again" : "running";
      line(`${id}: ${how}`);
    },
    progress(id, event) {
      const state = running.get(id);
      if (state === undefined) return;
      const at = now();
      if (state.first === undefined) Object.assign(state, { first: event, startedAt: at });
      if (at - state.shownAt < (terminal.interactive ? redrawEvery : lineEvery)) return;
      state.shownAt = at;
      const text = describe(id, event, {
        first: state.first!,
        seconds: (at - state.startedAt) / 1000,
      });
      if (!terminal.interactive) return line(text);
      terminal.write(`\r\x1b[2K${text.slice(0, Math.max(20, terminal.columns() - 1))}`);
      live = true;
    },
    log(id, text) {
      for (const part of text.split("\n")) line(`${terminal.paint(`${id}:`, "dim")} ${part}`);
    },
    end(id, { outcome, seconds }) {
      running.delete(id);
      const time = outcome === "fresh" || outcome === "skipped"
        ? ""
        : ` (${formatSeconds(seconds)})`;
      line(`${id}: ${terminal.paint(outcome, outcomeColors[outcome])}${time}`);
    },
    notice: (text) => line(terminal.paint(text, "yellow")),
  };
}

function describe(
  id: string,
  { done, total, unit, message }: ProgressEvent,
  { first, seconds }: { first: ProgressEvent; seconds: number },
): string {
  const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
  const full = Math.round(share * barWidth);
  const bar = "█".repeat(full) + "░".repeat(barWidth - full);
  const gained = done - first.done;
  const left = gained > 0 ? (total - done) * seconds / gained : undefined;
  const parts = [
    `${id}: ${bar} ${Math.floor(share * 100)} %`,
    `${done}/${total}${unit === undefined ? "" : ` ${unit}`}`,
    ...(message === undefined ? [] : [message]),
    ...(left === undefined ? [] : [`${formatSeconds(left)} left`]),
  ];
  return parts.join("  ");
}
