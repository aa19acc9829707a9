import type { Outcome, Reporter } from "../run/reporter.ts";
import type { ProgressEvent } from "../stage.ts";
import { type Color, formatSeconds, type Terminal } from "./terminal.ts";

/** The longest bar that leaves room for the rest of the line is drawn. */
const barWidths = [20, 10, 5];

/** Milliseconds between two redraws, and between two lines where nothing can be redrawn. */
const redrawEvery = 100;
const lineEvery = 5000;
/** The same after a minute: a log of a long run is to be read. */
const laterLineEvery = 30_000;

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
 * seconds, and fewer after a minute.
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
      const elapsed = at - state.startedAt;
      const every = terminal.interactive
        ? redrawEvery
        : elapsed < 60_000
        ? lineEvery
        : laterLineEvery;
      if (at - state.shownAt < every) return;
      state.shownAt = at;
      const options = { first: state.first!, seconds: elapsed / 1000 };
      if (!terminal.interactive) return line(`${id}: ${describe(event, options)}`);
      const width = Math.max(20, terminal.columns() - 1);
      const text = withBar(id, describe(event, options), { share: shareOf(event), width });
      terminal.write(`\r\x1b[2K${text.slice(0, width)}`);
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

function shareOf({ done, total }: ProgressEvent): number {
  return total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
}

/** What matters most comes first: the end of a line that is too long is cut off. */
function describe(
  event: ProgressEvent,
  { first, seconds }: { first: ProgressEvent; seconds: number },
): string {
  const { done, total, unit, message } = event;
  const gained = done - first.done;
  const left = gained > 0 ? (total - done) * seconds / gained : undefined;
  const parts = [
    `${Math.floor(shareOf(event) * 100)} %`,
    `${done}/${total}${unit === undefined ? "" : ` ${unit}`}`,
    ...(left === undefined ? [] : [`${formatSeconds(left)} left`]),
    ...(message === undefined ? [] : [message]),
  ];
  return parts.join("  ");
}

function withBar(
  id: string,
  text: string,
  { share, width }: { share: number; width: number },
): string {
  const room = width - `${id}:  ${text}`.length;
  const length = barWidths.find((candidate) => candidate <= room) ?? 0;
  if (length === 0) return `${id}: ${text}`;
  const full = Math.round(share * length);
  return `${id}: ${"█".repeat(full)}${"░".repeat(length - full)} ${text}`;
}
