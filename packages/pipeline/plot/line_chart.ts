/**
 * A chart of lines over epochs, steps or the like.
 * @module
 */
import {
  type Canvas,
  type Color,
  drawLine,
  drawText,
  fillRectangle,
  type Point,
} from "./canvas.ts";
import { textSize } from "./bitmap_font.ts";
import { ticks } from "./ticks.ts";

/** One line. */
export interface Series {
  /** Its name in the legend. */
  name: string;
  /** Its values from 0 on along the horizontal axis; where one is undefined the line has a gap. */
  values: readonly (number | undefined)[];
  /** Pixels across. */
  width?: number;
}

/** What a chart shows. */
export interface LineChart {
  /** Stands above it. */
  title: string;
  /** Stands below the horizontal axis. */
  xLabel: string;
  /** The lines; those without any value are left out. */
  series: readonly Series[];
  /** Values that the vertical axis shows in any case. */
  include?: readonly number[];
}

/** Where on the canvas a chart lies. */
export interface Frame {
  at: Point;
  width: number;
  height: number;
}

/** Colours that stay apart for colour-blind readers (Okabe and Ito), repeated after the last. */
const COLORS: readonly Color[] = [
  [0, 114, 178],
  [213, 94, 0],
  [0, 158, 115],
  [204, 121, 167],
  [86, 180, 233],
  [230, 159, 0],
  [90, 90, 90],
];
const INK: Color = [40, 40, 40];
const GRID: Color = [226, 226, 226];
/** Pixels around the axes: above for the title and the legend, on the left for numbers, below for numbers and label. */
const MARGIN = { top: 58, left: 84, bottom: 56, right: 20 };
const LINE = 24;

/** Draws a chart with axes, ticks and a legend. */
export function drawLineChart(canvas: Canvas, chart: LineChart, frame: Frame): void {
  const series = chart.series.filter(({ values }) => values.some((value) => value !== undefined));
  const values = series.flatMap((one) => one.values.filter((value) => value !== undefined));
  const longest = Math.max(1, ...series.map((one) => one.values.length - 1));
  const area = {
    at: { x: frame.at.x + MARGIN.left, y: frame.at.y + MARGIN.top },
    width: frame.width - MARGIN.left - MARGIN.right,
    height: frame.height - MARGIN.top - MARGIN.bottom,
  };
  const axes: Axes = { area, x: [0, longest], y: rangeOf([...values, ...chart.include ?? []]) };
  drawText(canvas, chart.title, { at: { x: area.at.x, y: frame.at.y + 8 }, color: INK });
  drawAxes(canvas, axes, chart.xLabel);
  series.forEach((one, i) =>
    drawSeries(canvas, axes, { ...one, color: COLORS[i % COLORS.length] })
  );
  drawLegend(canvas, series.map(({ name }) => name), { x: area.at.x, y: frame.at.y + 8 + LINE });
}

interface Axes {
  area: Frame;
  x: readonly [number, number];
  y: readonly [number, number];
}

/** From the lowest to the highest value and a little more. */
function rangeOf(values: readonly number[]): [number, number] {
  if (values.length === 0) return [0, 1];
  const low = Math.min(...values), high = Math.max(...values);
  const extra = high > low ? (high - low) * 0.04 : Math.abs(high) * 0.1 || 1;
  return [low - extra, high + extra];
}

function place({ area, x, y }: Axes, [valueX, valueY]: readonly [number, number]): Point {
  return {
    x: area.at.x + (valueX - x[0]) / (x[1] - x[0]) * area.width,
    y: area.at.y + area.height - (valueY - y[0]) / (y[1] - y[0]) * area.height,
  };
}

function drawAxes(canvas: Canvas, axes: Axes, xLabel: string): void {
  const { area: { at, width, height }, x, y } = axes;
  const bottom = at.y + height;
  const across = ticks(x, { count: 6, whole: true });
  for (const value of across.values) {
    const left = Math.round(place(axes, [value, y[0]]).x);
    fillRectangle(canvas, { at: { x: left, y: at.y }, width: 1, height, color: GRID });
    drawText(canvas, String(value), {
      at: { x: left, y: bottom + 8 },
      color: INK,
      align: "centre",
    });
  }
  const up = ticks(y, { count: 7 });
  for (const value of up.values) {
    const top = Math.round(place(axes, [x[0], value]).y);
    fillRectangle(canvas, { at: { x: at.x, y: top }, width, height: 1, color: GRID });
    const text = show(value, up.decimals);
    drawText(canvas, text, { at: { x: at.x - 8, y: top - 7 }, color: INK, align: "right" });
  }
  fillRectangle(canvas, { at, width: 2, height, color: INK });
  fillRectangle(canvas, { at: { x: at.x, y: bottom }, width, height: 2, color: INK });
  drawText(canvas, xLabel, {
    at: { x: at.x + width / 2, y: bottom + 32 },
    color: INK,
    align: "centre",
  });
}

/** As a decimal number where that is short, else with an exponent. */
function show(value: number, decimals: number): string {
  if (decimals <= 3) return value.toFixed(decimals);
  return value === 0 ? "0" : value.toExponential();
}

function drawSeries(canvas: Canvas, axes: Axes, { values, color, width }: Series & Ink): void {
  let points: Point[] = [];
  const draw = () => {
    if (points.length > 0) drawLine(canvas, points, { color, width });
    points = [];
  };
  values.forEach((value, i) => {
    if (value === undefined) draw();
    else points.push(place(axes, [i, value]));
  });
  draw();
}

interface Ink {
  color: Color;
}

/** The names of the lines in one row, as far as they fit. */
function drawLegend(canvas: Canvas, names: readonly string[], at: Point): void {
  let x = at.x;
  names.forEach((name, i) => {
    const color = COLORS[i % COLORS.length];
    fillRectangle(canvas, { at: { x, y: at.y + 5 }, width: 18, height: 4, color });
    drawText(canvas, name, { at: { x: x + 24, y: at.y }, color: INK });
    x += 24 + textSize(name).width * 2 + 22;
  });
}
