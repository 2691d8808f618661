import {
  AttackResult as AttackResultSchema,
  EvaluateResult as EvaluateResultSchema,
  JobSpec as JobSpecSchema,
  MeasureResult as MeasureResultSchema,
  ModelResult as ModelResultSchema,
} from '@retort/contracts';
import {
  ArtifactView,
  AttemptView,
  JobView,
  MetricView,
  TaskView,
  VerificationView,
  type JobView as View,
} from '@retort/jobs';
import { Type } from 'typebox';
import { component, ref } from './component.js';

export const JobSpec = component('JobSpec', JobSpecSchema);
export const ModelResult = component('ModelResult', ModelResultSchema);
export const MeasureResult = component('MeasureResult', MeasureResultSchema);
export const AttackResult = component('AttackResult', AttackResultSchema);
export const EvaluateResult = component('EvaluateResult', EvaluateResultSchema);

export const Artifact = component(
  'Artifact',
  Type.Object({
    ...ArtifactView.properties,
    href: Type.String({ description: 'Where its bytes are, relative to the address of the API.' }),
  }),
);

export const Job = component(
  'Job',
  Type.Object({
    ...JobView.properties,
    spec: ref(JobSpec),
    result: Type.Union([ref(ModelResult), ref(MeasureResult), ref(AttackResult), ref(EvaluateResult), Type.Null()], {
      description: 'What it found; null until it has succeeded.',
    }),
    artifacts: Type.Array(ref(Artifact)),
  }),
);

export const Task = component('Task', TaskView);
export const Attempt = component('Attempt', AttemptView);
export const Metric = component('Metric', MetricView);
export const Verification = component('Verification', VerificationView);

/** A job with the places of its artifacts. */
export function withHrefs(job: View) {
  const artifacts = job.artifacts.map((artifact) => ({
    ...artifact,
    href: `/v1/jobs/${job.id}/artifacts/${encodeURIComponent(artifact.name)}`,
  }));
  return { ...job, artifacts };
}
