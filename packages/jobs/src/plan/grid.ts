import type { GridAxis } from '@retort/contracts';
import { check, ExperimentSpec, pointerStep, type SpecProblem } from '@retort/contracts';

/** One combination of the grid's values: the spec that it stands for, and its coordinates. */
export interface GridPoint {
  readonly spec: ExperimentSpec;
  readonly coordinates: Readonly<Record<string, unknown>>;
}

export type Expansion = { ok: true; points: GridPoint[] } | { ok: false; problems: SpecProblem[] };

/** More than this many combinations in one experiment are refused: a typing error, or a sweep to be split. */
export const MAX_POINTS = 10_000;

/** More characters of JSON than this, over all combinations, are refused: each of them holds the whole spec. */
export const MAX_EXPANDED_CHARACTERS = 32_000_000;

/**
 * Fills in the defaults of a posted spec and expands its grid to every combination of values.
 *
 * Each combination is checked whole; a problem with a value that the grid put there is reported at its place in the grid.
 * Yields after each.
 */
export function* expandGrid(body: unknown): Generator<void, Expansion> {
  const axes = readAxes(body);
  if (!axes.ok) return axes;
  const size = axes.value.reduce((product, [, axis]) => product * axis.values.length, 1);
  if (size > MAX_POINTS) {
    const remedy = `keep the product of the axes' lengths at or below ${MAX_POINTS}`;
    return { ok: false, problems: [{ pointer: '/grid', message: `expands to ${size} combinations`, remedy }] };
  }
  const characters = size > 1 ? size * JSON.stringify(body).length : 0;
  if (characters > MAX_EXPANDED_CHARACTERS) {
    const message = `expands to ${size} combinations of a spec of ${characters / size} characters`;
    const remedy = `keep the product of the two at or below ${MAX_EXPANDED_CHARACTERS}: split the grid, or leave out what it does not need`;
    return { ok: false, problems: [{ pointer: '/grid', message, remedy }] };
  }
  const points: GridPoint[] = [];
  const problems = new Map<string, SpecProblem>();
  for (const choice of combinations(axes.value.map(([, axis]) => axis.values.length))) {
    yield;
    const placed = place(body as Record<string, unknown>, axes.value, choice);
    const checked = placed.ok ? check(ExperimentSpec, placed.value) : placed;
    if (checked.ok) {
      const coordinates = Object.fromEntries(axes.value.map(([name, axis], at) => [name, axis.values[choice[at]!]]));
      points.push({ spec: checked.value as ExperimentSpec, coordinates });
      continue;
    }
    for (const problem of checked.problems) {
      const moved = { ...problem, pointer: pointIntoGrid(problem.pointer, axes.value, choice) };
      problems.set(`${moved.pointer} ${moved.message}`, moved);
    }
  }
  return problems.size ? { ok: false, problems: [...problems.values()] } : { ok: true, points };
}

type Axes = [name: string, axis: GridAxis][];

function readAxes(body: unknown): { ok: true; value: Axes } | { ok: false; problems: SpecProblem[] } {
  if (typeof body !== 'object' || body === null || !('grid' in body) || body.grid === undefined) {
    return { ok: true, value: [] };
  }
  const checked = check(ExperimentSpec.properties.grid, body.grid);
  if (checked.ok) return { ok: true, value: Object.entries(checked.value as Record<string, GridAxis>) };
  return { ok: false, problems: checked.problems.map((p) => ({ ...p, pointer: `/grid${p.pointer}` })) };
}

/** Every combination of indices, the last axis running fastest. */
function* combinations(lengths: number[], chosen: number[] = []): Generator<number[]> {
  if (chosen.length === lengths.length) {
    yield chosen;
    return;
  }
  for (let index = 0; index < lengths[chosen.length]!; index++) yield* combinations(lengths, [...chosen, index]);
}

function place(body: Record<string, unknown>, axes: Axes, choice: number[]) {
  // Through JSON, since a structured clone keeps two fields that share one object sharing it.
  const value = JSON.parse(JSON.stringify(body)) as Record<string, unknown>;
  for (const [index, [name, axis]] of axes.entries()) {
    for (const [position, pointer] of axis.at.entries()) {
      if (setAt(value, pointer, structuredClone(axis.values[choice[index]!]))) continue;
      const problem = {
        pointer: `/grid${pointerStep(name)}/at/${position}`,
        message: `${pointer} leads to nothing in the spec`,
        remedy: 'point to a field of a model, an attack, a metric or the dataset that the spec has',
      };
      return { ok: false as const, problems: [problem] };
    }
  }
  return { ok: true as const, value };
}

/** Sets the value at a JSON pointer; false where the object that should hold it does not exist. */
function setAt(root: Record<string, unknown>, pointer: string, value: unknown): boolean {
  const steps = pointer.split('/').slice(1).map(unescapeStep);
  const last = steps.pop()!;
  let holder: unknown = root;
  for (const step of steps) {
    if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, step)) return false;
    holder = (holder as Record<string, unknown>)[step];
  }
  if (typeof holder !== 'object' || holder === null || last === '__proto__') return false;
  (holder as Record<string, unknown>)[last] = value;
  return true;
}

function unescapeStep(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

function pointIntoGrid(pointer: string, axes: Axes, choice: number[]): string {
  for (const [index, [name, axis]] of axes.entries()) {
    const origin = axis.at.find((at) => pointer === at || pointer.startsWith(`${at}/`));
    if (origin) return `/grid${pointerStep(name)}/values/${choice[index]}${pointer.slice(origin.length)}`;
  }
  return pointer;
}
