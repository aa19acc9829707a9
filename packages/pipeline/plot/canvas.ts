import { encode } from "fast-png";
import { textPixels, textSize } from "./bitmap_font.ts";

/** Red, green and blue, from 0 to 255. */
export type Color = readonly [number, number, number];

/** A point in pixels from the upper left corner; whole numbers are the centres of pixels. */
export interface Point {
  x: number;
  y: number;
}

/** A picture to draw on. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of each pixel, row by row. */
  readonly data: Uint8Array;
}

/** A text and its place. */
export interface TextOptions {
  /** The point that the text is at. */
  at: Point;
  color: Color;
  /** Which end of the text is at the point, across. */
  align?: "left" | "centre" | "right";
  /** The size of a pixel of a letter. */
  scale?: number;
}

/** Makes a white picture. */
export function createCanvas(width: number, height: number): Canvas {
  return { width, height, data: new Uint8Array(width * height * 3).fill(255) };
}

/** The bytes of a picture as PNG. */
export function encodeCanvas({ width, height, data }: Canvas): Uint8Array {
  return encode({ width, height, data, channels: 3, depth: 8 });
}

/** Mixes a colour into a pixel; outside of the picture nothing happens. */
export function blend(canvas: Canvas, { x, y }: Point, { color, opacity }: Ink): void {
  if (x < 0 || y < 0 || x >= canvas.width || y >= canvas.height) return;
  const at = (y * canvas.width + x) * 3;
  for (let c = 0; c < 3; c++) {
    canvas.data[at + c] += Math.round((color[c] - canvas.data[at + c]) * opacity);
  }
}

/** A colour and how much of it there is, from 0 to 1. */
export interface Ink {
  color: Color;
  opacity: number;
}

/** Fills a rectangle, its upper left pixel at `at`. */
export function fillRectangle(
  canvas: Canvas,
  { at, width, height, color }: { at: Point; width: number; height: number; color: Color },
): void {
  for (let y = at.y; y < at.y + height; y++) {
    for (let x = at.x; x < at.x + width; x++) blend(canvas, { x, y }, { color, opacity: 1 });
  }
}

/** Writes a text, its upper edge at the point. */
export function drawText(canvas: Canvas, text: string, options: TextOptions): void {
  const { at, color, align = "left", scale = 2 } = options;
  const width = textSize(text).width * scale;
  const shift = align === "left" ? 0 : align === "right" ? width : width / 2;
  const left = Math.round(at.x - shift), top = Math.round(at.y);
  for (const { column, row } of textPixels(text)) {
    const corner = { x: left + column * scale, y: top + row * scale };
    fillRectangle(canvas, { at: corner, width: scale, height: scale, color });
  }
}

/** Draws a line through points; what it covers twice is not darker. */
export function drawLine(
  canvas: Canvas,
  points: readonly Point[],
  { color, width = 2 }: { color: Color; width?: number },
): void {
  const covered = new Map<number, number>();
  const last = points.length - 1;
  for (let i = 0; i < Math.max(1, last); i++) {
    coverSegment(canvas, { from: points[i], to: points[Math.min(last, i + 1)], width, covered });
  }
  for (const [pixel, opacity] of covered) {
    const place = { x: pixel % canvas.width, y: Math.floor(pixel / canvas.width) };
    blend(canvas, place, { color, opacity });
  }
}

/** Notes how much of each pixel lies within half a width of a segment. */
function coverSegment(
  canvas: Canvas,
  { from, to, width, covered }: {
    from: Point;
    to: Point;
    width: number;
    covered: Map<number, number>;
  },
): void {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const square = dx * dx + dy * dy;
  const reach = width / 2 + 1;
  const lowest = (a: number, b: number) => Math.max(0, Math.floor(Math.min(a, b) - reach));
  const highest = (a: number, b: number, size: number) =>
    Math.min(size - 1, Math.ceil(Math.max(a, b) + reach));
  for (let y = lowest(from.y, to.y); y <= highest(from.y, to.y, canvas.height); y++) {
    for (let x = lowest(from.x, to.x); x <= highest(from.x, to.x, canvas.width); x++) {
      const along = square === 0 ? 0 : ((x - from.x) * dx + (y - from.y) * dy) / square;
      const t = Math.min(1, Math.max(0, along));
      const distance = Math.hypot(x - from.x - t * dx, y - from.y - t * dy);
      const share = Math.min(1, width / 2 + 0.5 - distance);
      const pixel = y * canvas.width + x;
      if (share > (covered.get(pixel) ?? 0)) covered.set(pixel, share);
    }
  }
}
