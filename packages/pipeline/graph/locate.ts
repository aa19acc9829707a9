/** A place inside of a document: keys and list indices from the root. */
export type DocumentPath = readonly (string | number)[];

/** `["stages", "a", "with", 0]` as `stages.a.with[0]`. */
export function formatPath(path: DocumentPath): string {
  return path.map((part, i) => typeof part === "number" ? `[${part}]` : i === 0 ? part : `.${part}`)
    .join("");
}

/**
 * Finds the line of a key in YAML text by scanning; the YAML parser keeps no positions.
 *
 * Block style is followed by indentation, flow style (`{ a: 1 }`) by reading on behind the parent.
 * When a part of the path is not found, the line of its nearest ancestor that was found is the
 * answer.
 *
 * @param text The YAML text.
 * @param path The key to find. List indices are skipped: a list's items share the line of the list.
 * @returns A line number that starts at 1, or undefined when not even the first key is found.
 */
export function locate(text: string, path: DocumentPath): number | undefined {
  const lines = text.split(/\r?\n/).map(withoutComment);
  let row = 0, column = 0, indent = -1, found: number | undefined;
  for (const part of path) {
    if (typeof part === "number") continue;
    const hit = findKey(lines, part, row, column, indent);
    if (hit === undefined) break;
    ({ row, column, indent } = hit);
    found = row + 1;
  }
  return found;
}

interface Hit {
  row: number;
  column: number;
  indent: number;
}

/** The first occurrence of a key that belongs to the block which starts at the given place. */
function findKey(lines: string[], key: string, row: number, column: number, indent: number) {
  const name = key.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const pattern = new RegExp(`(?:^|[\\s{,\\[])(["']?)${name}\\1\\s*:(?=\\s|$)`, "g");
  let childIndent: number | undefined;
  for (let y = row; y < lines.length; y++) {
    const line = lines[y];
    if (line.trim() === "") continue;
    const own = line.search(/[^\s]/);
    if (y > row || indent < 0) {
      if (own <= indent && indent >= 0) return undefined; // the parent's block has ended
      childIndent ??= own;
    }
    pattern.lastIndex = y === row ? column : 0;
    const match = pattern.exec(line);
    if (match === null) continue;
    const at = match.index + match[0].search(/[^\s{,\[]/);
    const inFlow = y === row && indent >= 0 || /[{\[]/.test(line.slice(0, at));
    // Deeper keys of other children may bear the same name.
    if (!inFlow && at > childIndent! && !/^\s*-\s/.test(line)) continue;
    if (inFlow && y > row && childIndent !== undefined && own === childIndent && indent < 0) {
      continue;
    }
    return { row: y, column: match.index + match[0].length, indent: own } as Hit;
  }
  return undefined;
}

/** Drops a comment, keeping `#` inside of quotes or of a word. */
function withoutComment(line: string): string {
  let quote = "";
  for (let i = 0; i < line.length; i++) {
    const character = line[i];
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if ((character === '"' || character === "'") && !/\w/.test(line[i - 1] ?? "")) {
      quote = character;
    } else if (character === "#" && (i === 0 || /\s/.test(line[i - 1]))) {
      return line.slice(0, i);
    }
  }
  return line;
}
