/**
 * Tables as Markdown and as CSV.
 * @module
 */

/** A Markdown table whose columns stand below each other in the text, too. */
export function markdown(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const texts = [header, ...rows].map((row) => row.map((text) => text.replaceAll("|", "\\|")));
  const widths = header.map((_, c) => Math.max(...texts.map((row) => row[c].length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((text, c) => text.padEnd(widths[c])).join(" | ")} |`;
  const rule = line(widths.map((width) => "-".repeat(width)));
  return [line(texts[0]), rule, ...texts.slice(1).map(line)].join("\n");
}

/** Lines of comma-separated values, quoted where they must be (RFC 4180). */
export function csv(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => row.map(quoted).join(",") + "\n").join("");
}

function quoted(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
