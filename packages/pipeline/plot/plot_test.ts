import { assert, assertEquals } from "@std/assert";
import { decode } from "fast-png";
import { textPixels, textSize } from "./bitmap_font.ts";
import { type Canvas, createCanvas, drawLine, drawText, encodeCanvas } from "./canvas.ts";
import { drawLineChart } from "./line_chart.ts";
import { ticks } from "./ticks.ts";

/** The pixels as rows of text: # where it is dark, + where it is in between. */
function rowsOf({ width, height, data }: Canvas): string[] {
  const sign = (value: number) => value < 64 ? "#" : value < 250 ? "+" : ".";
  return Array.from(
    { length: height },
    (_, y) =>
      Array.from({ length: width }, (_, x) => sign(data[(y * width + x) * 3])).join("").replace(
        /\.+$/,
        "",
      ),
  );
}

const BLACK = [0, 0, 0] as const;

Deno.test("drawText() draws letters that can be read", () => {
  const canvas = createCanvas(24, 9);
  drawText(canvas, "Dg1?", { at: { x: 0, y: 0 }, color: BLACK, scale: 1 });
  assertEquals(rowsOf(canvas), [
    "####..........#....###",
    "#...#........##...#...#",
    "#...#..###....#.......#",
    "#...#.#..##...#.....##",
    "#...#.#..##...#.....#",
    "#...#..##.#...#",
    "####......#..###....#",
    ".......###",
    "",
  ]);
});

Deno.test("textPixels() has every printable letter, a box for others, and nothing for a space", () => {
  const printable = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i));
  const drawn = printable.map((letter) => JSON.stringify(textPixels(letter)));
  assertEquals(new Set(drawn).size, 94);
  assertEquals(textPixels(" "), []);
  assertEquals(textPixels("é"), textPixels("ж"));
  assertEquals(textSize("three"), { width: 29, height: 7 });
});

Deno.test("drawLine() covers a pixel once, however often it comes by", () => {
  const canvas = createCanvas(9, 5);
  drawLine(canvas, [{ x: 1, y: 2 }, { x: 7, y: 2 }, { x: 1, y: 2 }], { color: BLACK });
  assertEquals(rowsOf(canvas), ["", "+++++++++", "+#######+", "+++++++++", ""]);
});

Deno.test("ticks() are round numbers inside of the range", () => {
  assertEquals(ticks([-0.9, 0.2], { count: 5 }), { values: [-0.5, 0], decimals: 1 });
  assertEquals(ticks([0, 1], { count: 5 }), { values: [0, 0.2, 0.4, 0.6, 0.8, 1], decimals: 1 });
  assertEquals(ticks([0, 1], { count: 6, whole: true }), { values: [0, 1], decimals: 0 });
  assertEquals(ticks([0, 999], { count: 6 }), { values: [0, 200, 400, 600, 800], decimals: 0 });
  assertEquals(ticks([0, 1e-3], { count: 2 }), { values: [0, 0.0005, 0.001], decimals: 4 });
});

Deno.test("drawLineChart() puts values where the axes say, and gaps where there are none", () => {
  const canvas = createCanvas(400, 300);
  const frame = { at: { x: 0, y: 0 }, width: 400, height: 300 };
  const values = [0, 0, undefined, 1, 1];
  drawLineChart(canvas, { title: "t", xLabel: "x", series: [{ name: "s", values }] }, frame);
  const { data, width } = decode(encodeCanvas(canvas));
  assertEquals(width, 400);
  const isBlue = (x: number, y: number) => {
    const at = (y * width + x) * 3;
    return data[at] < 60 && data[at + 2] > 150;
  };
  // Axes from x = 84 to 380 and from y = 244 up to 58; values 0 to 1 with a margin of 4 % on both sides.
  const low = Math.round(244 - 186 * 0.04 / 1.08), high = Math.round(244 - 186 * 1.04 / 1.08);
  assert(isBlue(120, low) && isBlue(340, high));
  const middle = Array.from({ length: 186 }, (_, i) => isBlue(232, 58 + i));
  assertEquals(middle.includes(true), false);
});

Deno.test("drawLineChart() draws constant values, one value, and none", () => {
  for (const values of [[2, 2], [0], [], [undefined]]) {
    const canvas = createCanvas(300, 200);
    const frame = { at: { x: 0, y: 0 }, width: 300, height: 200 };
    drawLineChart(canvas, { title: "", xLabel: "", series: [{ name: "s", values }] }, frame);
    assert(canvas.data.some((value) => value !== 255));
  }
});
