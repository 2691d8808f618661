import { datasetNames } from '@retort/contracts';
import { ApiKeyView, ModelView, UploadView, WorkerView } from '@retort/jobs';
import { Summary as SummarySchema } from '@retort/report';
import { WebhookDeliveryView, WebhookEndpointView } from '@retort/webhooks';
import { Type } from 'typebox';
import { component, type Component } from './component.js';
import { Event } from './event.js';
import { CompleteSpec, Experiment, ExperimentSpec } from './experiment.js';
import {
  Artifact,
  AttackResult,
  Attempt,
  Task,
  EvaluateResult,
  Job,
  JobSpec,
  MeasureResult,
  Metric,
  ModelResult,
  Verification,
} from './job.js';
import { ProblemDocument } from './problem.js';

export const WebhookEndpoint = component('WebhookEndpoint', WebhookEndpointView);
export const WebhookDelivery = component('WebhookDelivery', WebhookDeliveryView);
export const ApiKey = component('ApiKey', ApiKeyView);
export const Model = component('Model', ModelView);
export const Upload = component('Upload', UploadView);
export const Worker = component('Worker', WorkerView);
export const Summary = component('Summary', SummarySchema);
export const Dataset = component(
  'Dataset',
  Type.Object({
    name: Type.Enum(datasetNames),
    title: Type.String(),
    train: Type.Integer({ description: 'Images to train and validate on.' }),
    test: Type.Integer({ description: 'Images of the official test set.' }),
    shape: Type.Array(Type.Integer(), { description: 'Height, width, channels.' }),
    classes: Type.Integer(),
    class_names: Type.Array(Type.String(), { description: 'In the order of the labels.' }),
    licence: Type.String(),
    source: Type.String(),
    bundled: Type.Boolean({
      description:
        'Whether it comes with Retort; where not, `npx retort dataset fetch <name>` brings it to a machine with a worker.',
    }),
    files: Type.Record(Type.String(), Type.String(), { description: 'sha256 of each decompressed file.' }),
  }),
);

/** The schemas that the OpenAPI document names. */
export const components: readonly Component[] = [
  ExperimentSpec,
  CompleteSpec,
  Experiment,
  JobSpec,
  Job,
  Artifact,
  ModelResult,
  MeasureResult,
  AttackResult,
  EvaluateResult,
  Attempt,
  Task,
  Metric,
  Verification,
  Event,
  Model,
  Worker,
  Dataset,
  Upload,
  ApiKey,
  WebhookEndpoint,
  WebhookDelivery,
  Summary,
  ProblemDocument,
];
