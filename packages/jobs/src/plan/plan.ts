import {
  attackUploads,
  datasetCatalogue,
  datasetUploads,
  isOwn,
  metricNames,
  resolvePreset,
  type DatasetSpec,
  type ExamplesSpec,
  type ExperimentSpec,
  type JobLabels,
  type JobSpec,
  type ModelSpec,
  type SpecProblem,
  type Uploads,
} from '@retort/contracts';
import { bodyHash, fingerprint } from './fingerprint.js';
import { expandGrid, type GridPoint } from './grid.js';
import { attackedBy, checkReferences, dropoutOf, sourceOf } from './references.js';
import { splitJobs, type UnsplitJob } from './shards.js';
import { takeTurns } from './turns.js';

/** A job that is to be written, with its place in the DAG. */
export interface PlannedJob {
  readonly name: string;
  readonly labels: JobLabels;
  readonly spec: JobSpec;
  readonly fingerprint: string;
  /** Into how many parts its examples are split; 1 where it stays whole. */
  readonly shards: number;
  /** Position of each parent in the plan, before the job's own, by role. */
  readonly parents: Readonly<Record<string, number>>;
}

export interface Plan {
  /** The spec with its defaults, its grid kept as posted. */
  readonly spec: ExperimentSpec;
  readonly jobs: readonly PlannedJob[];
}

export type Planning = { ok: true; plan: Plan } | { ok: false; problems: SpecProblem[] };

/** More jobs than this in one experiment are refused. */
export const MAX_JOBS = 20_000;

/** More edges than this in one experiment are refused: each attack on common examples has one to every net compared. */
export const MAX_EDGES = 200_000;

/** Turns a posted spec into the DAG of its jobs, or says what is wrong with it. */
export function planExperiment(body: unknown): Planning {
  const planning = planSteps(body);
  for (;;) {
    const step = planning.next();
    if (step.done) return step.value;
  }
}

/** The same where other work waits for its turn: a spec of the largest size takes seconds to plan. */
export function planInTurns(body: unknown): Promise<Planning> {
  return takeTurns(planSteps(body));
}

/** The planning in steps of a job or two. */
function* planSteps(body: unknown): Generator<void, Planning> {
  const expansion = yield* expandGrid(body);
  if (!expansion.ok) return expansion;
  const problems = new Map<string, SpecProblem>();
  for (const { spec } of expansion.points) {
    for (const problem of checkReferences(spec)) problems.set(`${problem.pointer} ${problem.message}`, problem);
    yield;
  }
  if (problems.size) return { ok: false, problems: [...problems.values()] };

  const draft = new Draft();
  for (const point of expansion.points) {
    // Looked at before it is drafted: a thousand seeds of a thousand attacked nets would take minutes to draft.
    const size = sizeOf(point.spec);
    if (size.jobs > MAX_JOBS) return tooManyJobs;
    if (size.edges > MAX_EDGES) return tooManyEdges;
    for (const seed of point.spec.seeds) yield* draft.add(point, seed);
    if (draft.jobs.length > MAX_JOBS) return tooManyJobs;
    if (draft.edges > MAX_EDGES) return tooManyEdges;
  }
  const { grid } = body as { grid?: ExperimentSpec['grid'] };
  const spec = { ...expansion.points[0]!.spec, grid: grid ?? {} };
  const split = splitJobs(draft.jobs, spec.limits);
  return split.ok ? { ok: true, plan: { spec, jobs: split.jobs } } : split;
}

const tooManyJobs = refusal(`expands to more than ${MAX_JOBS} jobs`, `ask for at most ${MAX_JOBS} in one experiment`);

const tooManyEdges = refusal(
  `expands to jobs with more than ${MAX_EDGES} inputs in all, since what is tried on common examples of n nets needs all n nets, n times`,
  `split the nets over several experiments, name fewer in the "models" of an attack, or choose examples with "clean-correct"`,
);

function refusal(message: string, remedy: string): Planning {
  return { ok: false, problems: [{ pointer: '', message, remedy }] };
}

/** How many jobs and how many edges one combination of the grid asks for. */
function sizeOf(spec: ExperimentSpec): { jobs: number; edges: number } {
  const { models, attacks, metrics, evaluations, seeds } = spec;
  const all = Object.keys(models).length;
  let [jobs, edges] = [all, all];
  const count = (targets: number, { choose }: ExamplesSpec, others: number) => {
    jobs += targets;
    edges += targets * (1 + others + (choose === 'common-clean-correct' ? targets - 1 : 0));
  };
  for (const metric of Object.values(metrics)) count(metric.models?.length ?? all, metric.examples, 0);
  for (const attack of Object.values(attacks)) {
    count(attackedBy(attack, spec).length, attack.examples, attack.source === undefined ? 0 : 1);
  }
  for (const { models: named, examples, surrogates } of Object.values(evaluations)) {
    count(named?.length ?? all, examples, surrogates.length);
  }
  return { jobs: seeds.length * jobs, edges: seeds.length * edges };
}

/** The jobs collected so far; equal work of several grid points becomes one job. */
class Draft {
  readonly jobs: UnsplitJob[] = [];
  edges = 0;
  readonly #byFingerprint = new Map<string, number>();

  *add({ spec, coordinates }: GridPoint, seed: number): Generator<void, void> {
    const about = (labels: Omit<JobLabels, 'seed' | 'grid'>): JobLabels => ({ ...labels, seed, grid: coordinates });
    const data = {
      dataset: spec.dataset,
      dataset_sha256: datasetHash(spec.dataset),
      seed,
      ...withUploads(datasetUploads(spec.dataset)),
    };

    const models = new Map<string, number>();
    const addModel = (name: string): number => {
      const known = models.get(name);
      if (known !== undefined) return known;
      const model = spec.models[name]!;
      const source = sourceOf(model);
      const parents: Record<string, number> = source ? { [source.role]: addModel(source.name) } : {};
      const position = this.#put(name, about({ model: name }), modelJob(model, data, spec.models), parents);
      models.set(name, position);
      return position;
    };
    for (const name of Object.keys(spec.models)) {
      addModel(name);
      yield;
    }

    const others = (role: string, name: string, names: readonly string[]): Record<string, number> => {
      // Sorted by what the nets are, not by what they are called, so that a renamed net changes no fingerprint.
      const positions = names.filter((other) => other !== name).map((other) => models.get(other)!);
      positions.sort((a, b) => (this.jobs[a]!.fingerprint < this.jobs[b]!.fingerprint ? -1 : 1));
      return Object.fromEntries(positions.map((position, index) => [`${role}:${index}`, position]));
    };
    const parentsOf = (name: string, compared: string[], { choose }: ExamplesSpec): Record<string, number> => ({
      model: models.get(name)!,
      ...(choose === 'common-clean-correct' ? others('compared', name, compared) : {}),
    });

    for (const name of metricNames) {
      const metric = spec.metrics[name];
      if (!metric) continue;
      const { models: named, examples, ...parameters } = metric;
      const measured = named ?? Object.keys(spec.models);
      for (const model of measured) {
        const given = Object.keys(parameters).length > 0 && { parameters };
        const job: JobSpec = { kind: 'measure', ...data, metric: name, ...given, examples };
        const title = `${name.replaceAll('_', ' ')} of ${model}`;
        this.#put(title, about({ model, metric: name }), job, parentsOf(model, measured, examples));
        yield;
      }
    }
    for (const [label, attack] of Object.entries(spec.attacks)) {
      const { source, examples } = attack;
      const attacked = attackedBy(attack, spec);
      const compared = source === undefined ? attacked : [...attacked, source];
      for (const model of attacked) {
        const uploads = withUploads({ ...data.uploads, ...attackUploads(attack) });
        const job: JobSpec = { kind: 'attack', ...data, ...resolvePreset(attack), examples, ...uploads };
        const parents = parentsOf(model, compared, examples);
        if (source === undefined) {
          this.#put(`${label} on ${model}`, about({ model, attack: label }), job, parents);
        } else {
          const labels = about({ model, attack: label, source });
          this.#put(`${label} from ${source} on ${model}`, labels, job, { ...parents, source: models.get(source)! });
        }
        yield;
      }
    }
    for (const [label, { models: named, surrogates, examples, ...threat }] of Object.entries(spec.evaluations)) {
      const evaluated = named ?? Object.keys(spec.models);
      for (const model of evaluated) {
        const job: JobSpec = { kind: 'evaluate', ...data, threat, examples };
        const parents = { ...parentsOf(model, evaluated, examples), ...others('surrogate', model, surrogates) };
        this.#put(`${label} of ${model}`, about({ model, evaluation: label }), job, parents);
        yield;
      }
    }
  }

  #put(name: string, labels: JobLabels, spec: JobSpec, parents: Record<string, number>): number {
    const inputs = Object.fromEntries(Object.entries(parents).map(([role, at]) => [role, this.jobs[at]!.fingerprint]));
    const print = fingerprint(spec, inputs);
    const known = this.#byFingerprint.get(print);
    if (known === undefined || !sameTarget(this.jobs[known]!.labels, labels)) {
      this.jobs.push({ name, labels, spec, fingerprint: print, parents });
      this.edges += Object.keys(parents).length;
      this.#byFingerprint.set(print, this.jobs.length - 1);
      return this.jobs.length - 1;
    }
    this.jobs[known] = { ...this.jobs[known]!, labels: sharedBy(this.jobs[known]!.labels, labels) };
    return known;
  }
}

function sameTarget(one: JobLabels, other: JobLabels): boolean {
  const kinds = ['model', 'attack', 'source', 'metric', 'evaluation'] as const;
  return kinds.every((kind) => one[kind] === other[kind]);
}

/** The labels of a job that two grid points share: only the coordinates on which they agree decide it. */
function sharedBy(one: JobLabels, other: JobLabels): JobLabels {
  const agreed = Object.entries(one.grid).filter(([axis, value]) => bodyHash([value]) === bodyHash([other.grid[axis]]));
  return { ...one, grid: Object.fromEntries(agreed) };
}

/** No field where there are none, so that the fingerprint of a job without uploads has nothing of them. */
function withUploads(uploads: Uploads): { uploads?: Uploads } {
  return Object.keys(uploads).length > 0 ? { uploads } : {};
}

type OnDataset = Pick<JobSpec, 'dataset' | 'dataset_sha256' | 'seed' | 'uploads'>;

function modelJob(model: ModelSpec, data: OnDataset, models: ExperimentSpec['models']): JobSpec {
  switch (model.kind) {
    case 'train': {
      const { kind, architecture, initialisation, deployment_temperature, ...settings } = model;
      return { kind, ...data, architecture, initialisation, settings, deployment_temperature };
    }
    case 'distill': {
      const { kind, teacher, targets, passes = 10, alpha = 0.9, ...trained } = model;
      const { architecture, initialisation, deployment_temperature, ...settings } = trained;
      const extended = targets === 'extended' && { extended: { passes, alpha, dropout: dropoutOf(models[teacher]!) } };
      return { kind, ...data, targets, ...extended, architecture, initialisation, settings, deployment_temperature };
    }
    case 'import': {
      const { kind, upload, ...rest } = model;
      return { kind, ...data, ...rest, uploads: { ...data.uploads, model: upload } };
    }
    case 'deploy': {
      const { kind, model: _, ...deployment } = model;
      return { kind, ...data, ...deployment };
    }
  }
}

/** One hash for all the files of a dataset: of a single file its own, of several that of their hashes. */
export function datasetHash(dataset: DatasetSpec): string {
  if (!isOwn(dataset)) return bodyHash(datasetCatalogue[dataset.name].files);
  return dataset.upload.format === 'npz' ? dataset.upload.file : bodyHash(dataset.upload.files);
}
