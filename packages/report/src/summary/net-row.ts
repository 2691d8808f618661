import {
  ModelResult,
  type InputGradientResult,
  type MeasureResult,
  type MetricName,
  type Rate,
} from '@retort/contracts';
import { namedValues } from '../number-format.js';
import type { ReportInput, ReportJob } from '../report-input.js';
import { attackCell } from './attack-cell.js';
import { evaluationCell } from './evaluation-cell.js';
import { isWithin, type Coordinates } from './grid.js';
import { makingOf, type Making } from './making.js';
import type { AttackCell, NetRow } from './summary.js';

/** A row before it is compared with another. */
export type BareRow = Omit<NetRow, 'reference' | 'verdict' | 'finding'>;

/** One row for each net, seed and point of the grid, in the order of the plan. */
export function netRows(input: ReportInput): BareRow[] {
  return placesOf(input.jobs).map((place) => {
    const { net, seed, grid } = place;
    const key = JSON.stringify([net, seed, grid]);
    return { key, label: labelOf(input, place), net, seed, grid, ...measured(input, jobsAt(input, place)) };
  });
}

/** The input gradients that were measured, by the label of their net. */
export function gradientsByRow(input: ReportInput): MeasuredNet[] {
  return placesOf(input.jobs).flatMap((place) => {
    const gradient = gradientOf(jobsAt(input, place));
    return gradient ? [{ label: labelOf(input, place), gradient }] : [];
  });
}

interface MeasuredNet {
  readonly label: string;
  readonly gradient: InputGradientResult;
}

const MAKES_NETS: ReadonlySet<string> = new Set(ModelResult.properties.kind.enum);

function jobsAt({ jobs }: ReportInput, { net, seed, grid }: Place): ReportJob[] {
  return jobs.filter((job) => job.labels.model === net && job.seed === seed && isWithin(job.labels.grid, grid));
}

function labelOf({ jobs }: ReportInput, { net, seed, grid }: Place): string {
  const several = jobs.some((job) => job.seed !== seed);
  return [net, several ? `seed ${seed}` : '', namedValues(grid)].filter(Boolean).join(' · ');
}

function measured(input: ReportInput, jobs: readonly ReportJob[]) {
  const making = jobs.find((job) => MAKES_NETS.has(job.spec.kind));
  const model = making?.result && isModel(making.result) ? making.result : null;
  const made = makingOf(input, making ?? null);
  const temperatures = temperaturesOf(made, model);
  const gradient = gradientOf(jobs);
  return {
    kind: making?.kind ?? null,
    status: making?.status ?? null,
    ...temperatures,
    made: made.text,
    test_accuracy: model?.test_accuracy ?? null,
    median_log10_gradient: gradient?.log10_max_abs.median ?? null,
    float32_zero: gradient?.float32_zero ?? null,
    wrong_direction: gradient ? withoutThreshold(gradient.wrong_direction) : null,
    logits: measureOf(jobs, 'logits'),
    loss_sensitivity: measureOf(jobs, 'loss_sensitivity'),
    clever: measureOf(jobs, 'clever'),
    attacks: attacksOf(input, jobs, temperatures.training_temperature),
    evaluations: jobs.flatMap((job) => evaluationCell(job) ?? []),
  };
}

function withoutThreshold({ count, of, rate, low, high }: InputGradientResult['wrong_direction']): Rate {
  return { count, of, rate, low, high };
}

function isModel(result: NonNullable<ReportJob['result']>): result is ModelResult {
  return MAKES_NETS.has(result.kind);
}

function temperaturesOf(made: Making, model: ModelResult | null) {
  return {
    training_temperature: model?.training_temperature ?? made.trainingTemperature,
    deployment_temperature: model?.deployment_temperature ?? made.deploymentTemperature,
  };
}

/** What a metric's job found on these jobs' net; null where it has no result. */
function measureOf<Metric extends MetricName>(jobs: readonly ReportJob[], metric: Metric) {
  type Measured = Extract<MeasureResult, Record<Metric, unknown>>;
  const job = jobs.find(({ result }) => result?.kind === 'measure' && metric in result);
  return (job?.result as Measured | undefined)?.[metric] ?? null;
}

/** The input gradient that was measured on these jobs' net. */
function gradientOf(jobs: readonly ReportJob[]): InputGradientResult | null {
  return measureOf(jobs, 'input_gradient');
}

function attacksOf(input: ReportInput, jobs: readonly ReportJob[], trainingTemperature: number | null): AttackCell[] {
  const order = Object.keys(input.experiment.spec.attacks ?? {});
  const position = (cell: AttackCell) => (order.includes(cell.name) ? order.indexOf(cell.name) : order.length);
  const cells = jobs.flatMap((job) => attackCell(job, trainingTemperature) ?? []);
  return cells.sort((a, b) => position(a) - position(b));
}

interface Place {
  readonly net: string;
  readonly seed: number;
  readonly grid: Coordinates;
}

/**
 * Where there is something to show: a job that does not depend on an axis stands in every row along it, and makes a
 * row of its own only where no other job of that net does.
 */
function placesOf(jobs: readonly ReportJob[]): Place[] {
  const places = new Map<string, Place>();
  for (const { labels, seed } of jobs) {
    const place = { net: labels.model, seed, grid: labels.grid };
    places.set(JSON.stringify([place.net, seed, place.grid]), place);
  }
  const all = [...places.values()];
  const fixed = (place: Place) => Object.keys(place.grid).length;
  return all.filter(
    (place) =>
      !all.some(
        (other) =>
          other.net === place.net &&
          other.seed === place.seed &&
          fixed(other) > fixed(place) &&
          isWithin(place.grid, other.grid),
      ),
  );
}
