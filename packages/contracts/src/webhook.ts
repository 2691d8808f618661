import { Type, type Static, type TSchema } from 'typebox';
import { eventTypes } from './event.js';

/** What an endpoint can ask to be told of. */
export const webhookEventTypes = [...eventTypes, 'webhook_endpoint.disabled'] as const;
export type WebhookEventType = (typeof webhookEventTypes)[number];
const EventTypes = Type.Array(Type.Enum([...webhookEventTypes]), { minItems: 1, uniqueItems: true });

const orNull = <T extends TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { default: null, description });

const Url = Type.String({
  minLength: 1,
  maxLength: 2048,
  description: 'An https address that is reached over the public network.',
});
const Description = Type.String({ minLength: 1, maxLength: 500 });

/** What to say of a new webhook endpoint. */
export const NewWebhookEndpoint = Type.Object(
  {
    url: Url,
    description: orNull(Description, 'What a person knows it by.'),
    event_types: Type.Array(Type.Enum([...webhookEventTypes]), {
      minItems: 1,
      uniqueItems: true,
      default: ['experiment.finished', 'job.succeeded', 'job.failed', 'job.cancelled'],
      description: 'What it is told of.',
    }),
    experiment_id: orNull(Type.String(), 'Only events of this experiment; null for all.'),
    api_key_id: orNull(Type.String(), 'Only events of experiments that this API key submitted; null for all.'),
  },
  { additionalProperties: false },
);
export type NewWebhookEndpoint = Static<typeof NewWebhookEndpoint>;

/** What of a webhook endpoint is to change. */
export const WebhookEndpointChange = Type.Object(
  {
    url: Type.Optional(Url),
    description: Type.Optional(Type.Union([Description, Type.Null()])),
    event_types: Type.Optional(EventTypes),
    enabled: Type.Optional(
      Type.Boolean({
        description: 'Whether messages are recorded for it and sent; those that wait are kept meanwhile.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type WebhookEndpointChange = Static<typeof WebhookEndpointChange>;
