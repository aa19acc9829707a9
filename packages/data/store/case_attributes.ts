import type { CaseGeometry } from "../case_geometry.ts";
import { boxShape } from "../crop/copy_box.ts";
import { asList, asObject, asText, show } from "../dataset/json_check.ts";
import type { PreprocessedCase } from "../preprocess_case.ts";
import type { Triple } from "../volume.ts";

/** Marks a Zarr group as a preprocessed case. */
export const FORMAT = "mednext-case";

/** Raised when what is stored changes its meaning. */
export const VERSION = 2;

/** What the attributes of a stored case say. */
export interface CaseAttributes {
  id: string;
  spacing: Triple;
  replacedValues: number;
  geometry: CaseGeometry;
  foreground: { label: number; count: number }[];
}

/** The attributes of a case, as JSON. */
export function caseAttributes(source: PreprocessedCase): Record<string, unknown> {
  const { id, spacing, replacedValues, geometry } = source;
  const foreground = source.foreground.map(({ label, voxels }) => ({
    label,
    count: voxels.length,
  }));
  return { format: FORMAT, version: VERSION, id, spacing, replacedValues, geometry, foreground };
}

/** Checks attributes that were read; adds to the problems what does not fit. */
export function checkAttributes(json: Record<string, unknown>, problems: string[]): CaseAttributes {
  if (json.format !== FORMAT || json.version !== VERSION) {
    problems.push(
      `expected format "${FORMAT}" version ${VERSION}, found ${show(json.format)} ` +
        `version ${show(json.version)}`,
    );
  }
  const counts = (asList(json.foreground, "foreground", problems) ?? []).map((entry, i) => {
    const record = asObject(entry, `foreground[${i}]`, problems) ?? {};
    const at = `foreground[${i}]`;
    return {
      label: wholeNumber(record.label, `${at}.label`, problems),
      count: wholeNumber(record.count, `${at}.count`, problems),
    };
  });
  return {
    id: asText(json.id, "id", problems) ?? "",
    spacing: triple(json.spacing, "spacing", problems),
    replacedValues: wholeNumber(json.replacedValues, "replacedValues", problems),
    geometry: checkGeometry(json.geometry, problems),
    foreground: counts,
  };
}

function checkGeometry(value: unknown, problems: string[]): CaseGeometry {
  const before = problems.length;
  const at = "geometry.orientation";
  const geometry = asObject(value, "geometry", problems) ?? {};
  const orientation = asObject(geometry.orientation, at, problems) ?? {};
  const source = asObject(orientation.source, `${at}.source`, problems) ?? {};
  const canonical = asObject(orientation.canonical, `${at}.canonical`, problems) ?? {};
  const box = asObject(geometry.box, "geometry.box", problems) ?? {};
  const result: CaseGeometry = {
    orientation: {
      axes: triple(orientation.axes, `${at}.axes`, problems),
      flipped: numbers(orientation.flipped, `${at}.flipped`, problems, {
        length: 3,
        fits: (item) => typeof item === "boolean",
      }) as unknown as [boolean, boolean, boolean],
      source: {
        shape: sizes(source.shape, `${at}.source.shape`, problems),
        spacing: triple(source.spacing, `${at}.source.spacing`, problems),
        affine: numbers(source.affine, `${at}.source.affine`, problems, { length: 16 }),
      },
      canonical: {
        shape: sizes(canonical.shape, `${at}.canonical.shape`, problems),
        affine: numbers(canonical.affine, `${at}.canonical.affine`, problems, { length: 16 }),
      },
    },
    box: {
      start: triple(box.start, "geometry.box.start", problems),
      stop: triple(box.stop, "geometry.box.stop", problems),
    },
    spacing: spacings(geometry.spacing, "geometry.spacing", problems),
    newSpacing: spacings(geometry.newSpacing, "geometry.newSpacing", problems),
    shape: sizes(geometry.shape, "geometry.shape", problems),
  };
  if (problems.length === before) checkConsistency(result, problems);
  return result;
}

/** Whether axes, shapes and box fit each other, so that nothing is read or written outside. */
function checkConsistency({ orientation, box }: CaseGeometry, problems: string[]): void {
  const { axes, source, canonical } = orientation;
  if ([...axes].sort().join() !== "0,1,2") {
    problems.push(`geometry.orientation.axes: expected 0, 1 and 2 in any order, found [${axes}]`);
  } else if (axes.some((axis, i) => canonical.shape[i] !== source.shape[axis])) {
    problems.push(
      `geometry.orientation: expected one shape in two orders, found [${source.shape}] and ` +
        `[${canonical.shape}]`,
    );
  }
  const isInside = [...box.start, ...box.stop].every(Number.isInteger) &&
    box.start.every((start) => start >= 0) && boxShape(box).every((size) => size > 0) &&
    box.stop.every((stop, axis) => stop <= canonical.shape[axis]);
  if (!isInside) {
    problems.push(
      `geometry.box: expected a box inside [${canonical.shape}], found [${box.start}] to [${box.stop}]`,
    );
  }
}

function wholeNumber(value: unknown, path: string, problems: string[]): number {
  if (Number.isInteger(value) && (value as number) >= 0) return value as number;
  problems.push(`${path}: expected a whole number of at least 0, found ${show(value)}`);
  return 0;
}

function triple(value: unknown, path: string, problems: string[]): Triple {
  return numbers(value, path, problems, { length: 3 }) as Triple;
}

function spacings(value: unknown, path: string, problems: string[]): Triple {
  const fits = (item: unknown) => Number.isFinite(item) && (item as number) > 0;
  return numbers(value, path, problems, { length: 3, fits }) as Triple;
}

function sizes(value: unknown, path: string, problems: string[]): Triple {
  const fits = (item: unknown) => Number.isInteger(item) && (item as number) > 0;
  return numbers(value, path, problems, { length: 3, fits }) as Triple;
}

function numbers(
  value: unknown,
  path: string,
  problems: string[],
  { length, fits = Number.isFinite }: { length: number; fits?: (item: unknown) => boolean },
): number[] {
  if (Array.isArray(value) && value.length === length && value.every((item) => fits(item))) {
    return value;
  }
  problems.push(`${path}: expected ${length} fitting values, found ${show(value)}`);
  return [];
}
