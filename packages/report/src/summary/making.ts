import type { Defence, DeployJob, DistillJob, TrainingSettings } from '@retort/contracts';
import type { ReportInput, ReportJob } from '../report-input.js';
import { agrees } from './grid.js';

/** How a net was made, read off its spec, so that it is known even where its job failed. */
export interface Making {
  readonly text: string;
  readonly trainingTemperature: number | null;
  readonly deploymentTemperature: number | null;
  /** The net that it was distilled from or is a copy of. */
  readonly source: string | null;
}

/** How the net of a train, distill, deploy or import job is made; null gives a net that nothing is known of. */
export function makingOf(input: ReportInput, job: ReportJob | null): Making {
  const spec = job?.spec;
  switch (spec?.kind) {
    case 'train':
      return {
        ...temperatures(spec),
        text: `trained at T=${spec.settings.temperature}${manner(spec.settings)}${deployed(spec)}`,
        source: null,
      };
    case 'distill': {
      const source = sourceName(input, job!.labels.model);
      const targets = learnt[spec.targets];
      const { settings } = spec;
      const text = `distilled at T=${settings.temperature} from ${source ?? 'a net'}${targets}${manner(settings)}${deployed(spec)}`;
      return { ...temperatures(spec), text, source };
    }
    case 'import':
      return {
        text: `imported from ${spec.format}${deployed(spec)}`,
        trainingTemperature: spec.training_temperature,
        deploymentTemperature: spec.deployment_temperature,
        source: null,
      };
    case 'deploy':
      return makingOfCopy(input, job!, spec);
    case 'measure':
    case 'attack':
    case 'evaluate':
    case undefined:
      return { text: 'unknown', trainingTemperature: null, deploymentTemperature: null, source: null };
  }
}

function makingOfCopy(
  input: ReportInput,
  job: ReportJob,
  { deployment_temperature: deploymentTemperature, input_noise }: DeployJob,
): Making {
  const source = sourceName(input, job.labels.model);
  const original = input.jobs.find(
    (other) =>
      other.labels.model === source &&
      other.seed === job.seed &&
      'deployment_temperature' in other.spec &&
      agrees(other.labels.grid, job.labels.grid),
  );
  const { trainingTemperature } = makingOf(input, original ?? null);
  const changes = [
    ...(deploymentTemperature === 1 && input_noise !== undefined
      ? []
      : [`its logits ${scaling(deploymentTemperature)}`]),
    ...(input_noise === undefined ? [] : [`Gaussian noise of ${input_noise} at its input`]),
  ];
  const text = `${source ?? 'a net'} with ${changes.join(' and ')}, not trained again`;
  return { text, trainingTemperature, deploymentTemperature, source };
}

/** What a deployment temperature does to the logits: `×20` for 0.05, `÷5` for 5. */
export function scaling(deploymentTemperature: number): string {
  if (deploymentTemperature >= 1) return `÷${significant(deploymentTemperature)}`;
  return `×${significant(1 / deploymentTemperature)}`;
}

function significant(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function sourceName(input: ReportInput, net: string): string | null {
  const model = input.experiment.spec.models[net];
  if (model?.kind === 'distill') return model.teacher;
  return model?.kind === 'deploy' ? model.model : null;
}

interface Trained {
  readonly settings: { readonly temperature: number };
  readonly deployment_temperature: number;
}

function temperatures({ settings, deployment_temperature }: Trained) {
  return { trainingTemperature: settings.temperature, deploymentTemperature: deployment_temperature };
}

function deployed({ deployment_temperature }: Pick<Trained, 'deployment_temperature'>): string {
  return deployment_temperature === 1 ? '' : `, deployed at T=${deployment_temperature}`;
}

/** What makes a training another than the ordinary one: the images that it looks for, and labels that are not sure. */
function manner({ defence, label_smoothing = 0 }: TrainingSettings): string {
  return (
    (defence ? ` ${against(defence)}` : '') + (label_smoothing > 0 ? `, labels smoothed by ${label_smoothing}` : '')
  );
}

function against(defence: Defence): string {
  const ball = `${defence.norm} ${defence.epsilon}`;
  return defence.name === 'pgd' ? `against PGD (${ball})` : `by TRADES (${ball}, β=${defence.beta})`;
}

/** What a student learns, where it is not its teacher's probabilities. */
const learnt: Readonly<Record<DistillJob['targets'], string>> = {
  'teacher-probabilities': '',
  'true-labels': ', on the true labels (control)',
  extended: ', on its doubt, with a class for outliers',
};
