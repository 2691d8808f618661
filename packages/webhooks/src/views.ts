import { webhookEventTypes, type WebhookEventType } from '@retort/contracts';
import type { Prisma } from '@retort/store';
import { Type, type Static, type TSchema } from 'typebox';

const DateTime = Type.String({ format: 'date-time' });
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** A webhook endpoint, without its secret. */
export const WebhookEndpointView = Type.Object({
  id: Type.String(),
  url: Type.String(),
  description: orNull(Type.String()),
  event_types: Type.Array(Type.Enum([...webhookEventTypes])),
  experiment_id: orNull(Type.String()),
  api_key_id: orNull(Type.String()),
  enabled: Type.Boolean(),
  disabled_reason: orNull(Type.String({ description: 'Why Retort disabled it; null where a person did.' })),
  disabled_at: orNull(DateTime),
  failing_since: orNull(
    Type.String({ format: 'date-time', description: 'When the first attempt failed after which none has succeeded.' }),
  ),
  previous_secret_until: orNull(
    Type.String({ format: 'date-time', description: 'Until when messages are signed with the secret before, too.' }),
  ),
  created_at: DateTime,
});
export type WebhookEndpointView = Static<typeof WebhookEndpointView>;

/** A message to an endpoint, and how far it came. */
export const WebhookDeliveryView = Type.Object({
  id: Type.String({ description: 'Its `webhook-id`, the same with every attempt and redelivery.' }),
  endpoint_id: Type.String(),
  type: Type.String(),
  status: Type.Enum(['pending', 'delivered', 'failed']),
  attempts: Type.Integer({ description: 'Since it was last put on its way.' }),
  next_attempt_at: orNull(DateTime),
  last_attempt_at: orNull(DateTime),
  delivered_at: orNull(DateTime),
  response_status: orNull(Type.Integer({ description: 'The HTTP status of the last answer.' })),
  error: orNull(Type.String({ description: 'What was in the way of the last attempt.' })),
  payload: Type.Object(
    {
      type: Type.String(),
      timestamp: Type.String({ format: 'date-time', description: 'When it happened.' }),
      data: Type.Record(Type.String(), Type.Unknown()),
    },
    { description: 'What is posted.' },
  ),
});
export type WebhookDeliveryView = Static<typeof WebhookDeliveryView>;

export function endpointView(row: Prisma.WebhookEndpointGetPayload<object>, now: Date): WebhookEndpointView {
  const previousUntil = row.previousUntil && row.previousUntil > now ? row.previousUntil : undefined;
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    event_types: row.eventTypes as WebhookEventType[],
    experiment_id: row.experimentId,
    api_key_id: row.apiKeyId,
    enabled: row.enabled,
    disabled_reason: row.disabledReason,
    disabled_at: row.disabledAt?.toISOString() ?? null,
    failing_since: row.failingSince?.toISOString() ?? null,
    previous_secret_until: previousUntil?.toISOString() ?? null,
    created_at: row.createdAt.toISOString(),
  };
}

export type DeliveryRow = Prisma.WebhookDeliveryGetPayload<object>;

export function deliveryView(row: DeliveryRow): WebhookDeliveryView {
  return {
    id: row.id,
    endpoint_id: row.endpointId,
    type: row.type,
    status: row.status as WebhookDeliveryView['status'],
    attempts: row.attempts,
    next_attempt_at: row.status === 'pending' ? row.nextAttemptAt.toISOString() : null,
    last_attempt_at: row.lastAttemptAt?.toISOString() ?? null,
    delivered_at: row.deliveredAt?.toISOString() ?? null,
    response_status: row.responseStatus,
    error: row.error,
    payload: payloadOf(row),
  };
}

/** What is posted: made from the row alone, so that every attempt posts the same bytes. */
export function payloadOf({
  type,
  occurredAt,
  data,
}: Pick<DeliveryRow, 'type' | 'occurredAt' | 'data'>): WebhookDeliveryView['payload'] {
  const told = data as Record<string, unknown>;
  const links = {
    ...(typeof told.experiment_id === 'string' && { experiment: `/v1/experiments/${told.experiment_id}` }),
    ...(typeof told.job_id === 'string' && { job: `/v1/jobs/${told.job_id}` }),
    ...(typeof told.endpoint_id === 'string' && { endpoint: `/v1/webhook-endpoints/${told.endpoint_id}` }),
  };
  return { type, timestamp: occurredAt.toISOString(), data: { ...told, links } };
}
