import { createCanvas, encodeCanvas } from "../plot/canvas.ts";
import { drawLineChart, type LineChart, type Series } from "../plot/line_chart.ts";
import type { EpochRecord } from "./training_history.ts";

/** Pixels of one chart. */
const WIDTH = 640, HEIGHT = 420;

/**
 * Draws how a training goes over its epochs: losses, pseudo Dice with its moving average and of each class, learning
 * rate, and, if asked for, seconds. What there are no values of is left out.
 *
 * @param epochs The epochs.
 * @param options Whether the charts of time are drawn, which another run would not give again.
 * @returns The bytes of a PNG file.
 */
export function progressPicture(
  epochs: readonly EpochRecord[],
  { timing }: { timing: boolean },
): Uint8Array {
  const charts = [...resultCharts(epochs), ...timing ? [timeChart(epochs)] : []];
  const columns = Math.min(2, charts.length);
  const canvas = createCanvas(WIDTH * columns, HEIGHT * Math.ceil(charts.length / columns));
  charts.forEach((chart, i) =>
    drawLineChart(canvas, chart, {
      at: { x: i % columns * WIDTH, y: Math.floor(i / columns) * HEIGHT },
      width: WIDTH,
      height: HEIGHT,
    })
  );
  return encodeCanvas(canvas);
}

function resultCharts(epochs: readonly EpochRecord[]): LineChart[] {
  const of = (name: string, value: (epoch: EpochRecord) => number | null | undefined): Series => ({
    name,
    values: epochs.map((epoch) => value(epoch) ?? undefined),
  });
  const names = Object.keys(epochs.find(({ pseudoDiceOf }) => pseudoDiceOf)?.pseudoDiceOf ?? {});
  const charts = [
    chart("Loss", [
      of("training", ({ loss }) => loss),
      of("validation", ({ validationLoss }) => validationLoss),
    ]),
    chart("Learning rate", [of("first step of the epoch", ({ learningRate }) => learningRate)]),
  ];
  if (names.length === 0) return charts;
  const dice = chart("Pseudo Dice on validation patches", [
    of("mean", ({ pseudoDice }) => pseudoDice),
    { ...of("moving average", ({ pseudoDiceAverage }) => pseudoDiceAverage), width: 4 },
  ]);
  const each = names.map((name) => of(name, ({ pseudoDiceOf }) => pseudoDiceOf?.[name]));
  const perClass = names.length > 1 ? [chart("Pseudo Dice of each class", each)] : [];
  return [charts[0], dice, charts[1], ...perClass];
}

function timeChart(epochs: readonly EpochRecord[]): LineChart {
  return chart("Seconds of an epoch", [
    { name: "all", values: epochs.map(({ seconds }) => seconds) },
    { name: "waiting for batches", values: epochs.map(({ seconds, waited }) => seconds * waited) },
  ]);
}

function chart(title: string, series: Series[]): LineChart {
  return { title, xLabel: "epoch", series };
}
