import {
  datasetCatalogue,
  datasetNames,
  isOwn,
  pointerStep,
  suggest,
  type AttackSpec,
  type ExperimentSpec,
  type ModelSpec,
  type SpecProblem,
} from '@retort/contracts';

/** Everything in a well-formed spec that names what is not there, asks for more than there is, or goes round in a circle. */
export function checkReferences(spec: ExperimentSpec): SpecProblem[] {
  return [...checkDataset(spec), ...checkModels(spec), ...checkUses(spec), ...checkSources(spec)];
}

/** The net that a net is made from, or undefined for one trained from nothing or imported. */
export function sourceOf(model: ModelSpec): { role: 'teacher' | 'model'; name: string } | undefined {
  switch (model.kind) {
    case 'train':
    case 'import':
      return undefined;
    case 'distill':
      return { role: 'teacher', name: model.teacher };
    case 'deploy':
      return { role: 'model', name: model.model };
  }
}

/** The nets that an attack is tried on: those that it names, or all but its source. */
export function attackedBy({ models, source }: AttackSpec, spec: Pick<ExperimentSpec, 'models'>): string[] {
  return models ?? Object.keys(spec.models).filter((name) => name !== source);
}

function checkDataset({ dataset }: ExperimentSpec): SpecProblem[] {
  // How many images uploaded files hold is known when they are read.
  if (isOwn(dataset)) return (datasetNames as string[]).includes(dataset.name) ? [nameTaken(dataset.name)] : [];
  const { train, test, title } = datasetCatalogue[dataset.name];
  const problems: SpecProblem[] = [];
  if (dataset.train + dataset.validation > train) {
    problems.push({
      pointer: '/dataset/train',
      message: `${dataset.train} training and ${dataset.validation} validation images are more than there are`,
      remedy: `${title} has ${train} images to train and validate on: use at most ${train - dataset.validation} here`,
    });
  }
  if (dataset.test > test) {
    problems.push({
      pointer: '/dataset/test',
      message: `${dataset.test} test images are more than there are`,
      remedy: `${title} has ${test} of them: use at most ${test}`,
    });
  }
  return problems;
}

function nameTaken(name: string): SpecProblem {
  return {
    pointer: '/dataset/name',
    message: `"${name}" is the name of a published dataset`,
    remedy: 'call images of your own otherwise, or leave out /dataset/upload',
  };
}

function checkModels({ models }: ExperimentSpec): SpecProblem[] {
  const problems: SpecProblem[] = [];
  for (const [name, model] of Object.entries(models)) {
    const source = sourceOf(model);
    if (!source) continue;
    const pointer = `/models${pointerStep(name)}/${source.role}`;
    if (!Object.hasOwn(models, source.name)) {
      problems.push({
        pointer,
        message: `there is no model "${source.name}"`,
        remedy: suggestModel(source.name, models),
      });
      continue;
    }
    const cycle = cycleFrom(name, models);
    if (cycle) {
      problems.push({
        pointer,
        message: `the models go round in a circle: ${cycle.join(' ← ')}`,
        remedy: 'let at least one of them be of kind "train"',
      });
    }
    problems.push(...checkDistillation(name, model, models));
  }
  return problems;
}

/** What an extended distillation asks of its teacher, and what no other may ask. */
function checkDistillation(name: string, model: ModelSpec, models: Record<string, ModelSpec>): SpecProblem[] {
  if (model.kind !== 'distill') return [];
  const at = `/models${pointerStep(name)}`;
  const teacher = models[model.teacher]!;
  if (teacher.kind === 'distill' && teacher.targets === 'extended' && model.targets !== 'true-labels') {
    const message = `"${model.teacher}" has an outlier class, which no student can learn from it`;
    return [{ pointer: `${at}/teacher`, message, remedy: 'name a net without one, such as its own teacher' }];
  }
  if (model.targets !== 'extended') {
    return (['passes', 'alpha'] as const)
      .filter((field) => model[field] !== undefined)
      .map((field) => ({
        pointer: `${at}/${field}`,
        message: `"${field}" belongs to extended distillation, but the targets are ${model.targets}`,
        remedy: 'remove it, or let "targets" be "extended"',
      }));
  }
  if (dropoutOf(teacher) > 0) return [];
  return [
    {
      pointer: `${at}/teacher`,
      message: `"${model.teacher}" is trained without dropout, by which extended distillation measures its doubt`,
      remedy: 'name a net of kind "train" or "distill" whose "dropout" is above 0, such as 0.5',
    },
  ];
}

/** The share of its units that a net drops in training; 0 for one that is not trained here. */
export function dropoutOf(model: ModelSpec): number {
  return 'dropout' in model ? model.dropout : 0;
}

/** The names from a net back to itself, each made from the next; undefined where the chain ends. */
function cycleFrom(start: string, models: Record<string, ModelSpec>): string[] | undefined {
  const path = new Set<string>();
  for (
    let at: string | undefined = start;
    at !== undefined && Object.hasOwn(models, at);
    at = sourceOf(models[at]!)?.name
  ) {
    // A circle that does not come back to the start is reported by its own members.
    if (path.has(at)) return at === start ? [...path, start] : undefined;
    path.add(at);
  }
  return undefined;
}

/** What a part of the spec uses: nets by name, and examples. */
interface Use {
  /** A JSON pointer to the part. */
  readonly at: string;
  readonly models?: readonly string[];
  readonly surrogates?: readonly string[];
  readonly examples: { readonly count: number };
}

function checkUses(spec: ExperimentSpec): SpecProblem[] {
  const uses: Use[] = [
    ...Object.entries(spec.attacks).map(([name, attack]) => ({ at: `/attacks${pointerStep(name)}`, ...attack })),
    ...Object.entries(spec.metrics).map(([name, metric]) => ({ at: `/metrics${pointerStep(name)}`, ...metric })),
    ...Object.entries(spec.evaluations).map(([name, each]) => ({ at: `/evaluations${pointerStep(name)}`, ...each })),
  ];
  return uses.flatMap(({ at, models = [], surrogates = [], examples }) => {
    const problems = [...checkNames(spec, `${at}/models`, models), ...checkNames(spec, `${at}/surrogates`, surrogates)];
    if (examples.count > spec.dataset.test) {
      problems.push({
        pointer: `${at}/examples/count`,
        message: `${examples.count} examples are more than the ${spec.dataset.test} test images of the spec`,
        remedy: `use at most ${spec.dataset.test}, or raise /dataset/test`,
      });
    }
    return problems;
  });
}

/** The models that a list names, each of which must be there once. */
function checkNames({ models }: ExperimentSpec, pointerToList: string, names: readonly string[]): SpecProblem[] {
  return names.flatMap((name, index) => {
    const pointer = `${pointerToList}/${index}`;
    if (!Object.hasOwn(models, name)) {
      return [{ pointer, message: `there is no model "${name}"`, remedy: suggestModel(name, models) }];
    }
    const twice = names.indexOf(name) < index;
    return twice ? [{ pointer, message: `"${name}" stands twice`, remedy: 'remove one of the two' }] : [];
  });
}

function checkSources(spec: ExperimentSpec): SpecProblem[] {
  return Object.entries(spec.attacks).flatMap(([name, attack]): SpecProblem[] => {
    const { source, models = [] } = attack;
    if (source === undefined) return [];
    const at = `/attacks${pointerStep(name)}`;
    if (!Object.hasOwn(spec.models, source)) {
      const remedy = suggestModel(source, spec.models);
      return [{ pointer: `${at}/source`, message: `there is no model "${source}"`, remedy }];
    }
    if (models.includes(source)) {
      const message = `"${source}" is the source of the images that are tried on it`;
      const remedy = 'remove it here, or the source: an attack without one attacks each net itself';
      return [{ pointer: `${at}/models/${models.indexOf(source)}`, message, remedy }];
    }
    if (attackedBy(attack, spec).length === 0) {
      const remedy = 'add a net to try its images on';
      return [{ pointer: `${at}/source`, message: `"${source}" is the only model of the spec`, remedy }];
    }
    return [];
  });
}

function suggestModel(name: string, models: Record<string, ModelSpec>): string {
  return `name a model of this spec: ${suggest(name, Object.keys(models))}`;
}
