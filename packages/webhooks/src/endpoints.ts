import { isIP } from 'node:net';
import type { NewWebhookEndpoint, SpecProblem, WebhookEndpointChange } from '@retort/contracts';
import { newId, pageOf, type Clocked, type Page, type PageRequest } from '@retort/jobs';
import type { AddressPolicy } from './addresses.js';
import { newSecret } from './signature.js';
import { endpointView, type WebhookEndpointView } from './views.js';

/** Endpoints that there can be: each is sent to beside the others. */
export const MOST_ENDPOINTS = 100;

/** An endpoint with its secret, which is shown this once. */
export interface IssuedEndpoint {
  readonly endpoint: WebhookEndpointView;
  readonly secret: string;
}

/** Makes an endpoint, or tells what of it is not valid. */
export async function createEndpoint(
  { db, now }: Clocked,
  asked: NewWebhookEndpoint,
  addresses: AddressPolicy,
): Promise<{ outcome: 'created'; issued: IssuedEndpoint } | { outcome: 'invalid'; problems: SpecProblem[] }> {
  const problems = urlProblems(asked.url, addresses);
  const { experiment_id: experimentId, api_key_id: apiKeyId } = asked;
  if (experimentId !== null && (await db.experiment.count({ where: { id: experimentId } })) === 0) {
    problems.push(absent('/experiment_id', `experiment "${experimentId}"`));
  }
  if (apiKeyId !== null && (await db.apiKey.count({ where: { id: apiKeyId } })) === 0) {
    problems.push(absent('/api_key_id', `API key "${apiKeyId}"`));
  }
  if ((await db.webhookEndpoint.count()) >= MOST_ENDPOINTS) {
    const message = `there are ${MOST_ENDPOINTS} endpoints`;
    problems.push({ pointer: '', message, remedy: 'delete one that is not needed, or widen the filter of another' });
  }
  if (problems.length > 0) return { outcome: 'invalid', problems };
  const secret = newSecret();
  const row = await db.webhookEndpoint.create({
    data: {
      id: newId('whe'),
      url: asked.url,
      description: asked.description,
      eventTypes: asked.event_types,
      experimentId,
      apiKeyId,
      secret,
      createdAt: now,
    },
  });
  return { outcome: 'created', issued: { endpoint: endpointView(row, now), secret } };
}

/** One endpoint, or undefined where there is none with this id. */
export async function readEndpoint({ db, now }: Clocked, id: string): Promise<WebhookEndpointView | undefined> {
  const row = await db.webhookEndpoint.findUnique({ where: { id } });
  return row ? endpointView(row, now) : undefined;
}

/** A page of the endpoints, the newest first. */
export async function listEndpoints(
  { db, now }: Clocked,
  { limit, after }: PageRequest,
): Promise<Page<WebhookEndpointView>> {
  const rows = await db.webhookEndpoint.findMany({
    where: after === undefined ? {} : { id: { lt: after } },
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
  return pageOf(
    rows.map((row) => endpointView(row, now)),
    limit,
  );
}

/** Changes an endpoint; undefined where there is none. One that is enabled again begins with a clean slate. */
export async function changeEndpoint(
  { db, now }: Clocked,
  id: string,
  { url, description, event_types: eventTypes, enabled }: WebhookEndpointChange,
  addresses: AddressPolicy,
): Promise<{ endpoint?: WebhookEndpointView; problems: SpecProblem[] }> {
  const problems = url === undefined ? [] : urlProblems(url, addresses);
  if (problems.length > 0) return { problems };
  const state = enabled
    ? { enabled, disabledReason: null, disabledAt: null, failingSince: null }
    : { enabled, disabledReason: null, disabledAt: now };
  await db.webhookEndpoint.updateMany({
    where: { id },
    data: { url, description, eventTypes, ...(enabled !== undefined && state) },
  });
  return { endpoint: await readEndpoint({ db, now }, id), problems };
}

/** Deletes an endpoint with its messages; false where there is none. */
export async function deleteEndpoint({ db }: Clocked, id: string): Promise<boolean> {
  return (await db.webhookEndpoint.deleteMany({ where: { id } })).count > 0;
}

/**
 * Gives an endpoint a new secret; undefined where there is none.
 *
 * @param graceSeconds how long messages are signed with the old one, too
 */
export async function rotateSecret(
  { db, now }: Clocked,
  id: string,
  { graceSeconds }: { graceSeconds: number },
): Promise<IssuedEndpoint | undefined> {
  const secret = newSecret();
  const previousUntil = new Date(now.getTime() + graceSeconds * 1000);
  const changed = await db.$executeRaw`
    UPDATE webhook_endpoints SET previous_secret = secret, previous_until = ${previousUntil}, secret = ${secret}
    WHERE id = ${id}`;
  if (changed === 0) return undefined;
  return { endpoint: (await readEndpoint({ db, now }, id))!, secret };
}

/** What is wrong with the address of an endpoint, as far as it can be told without asking for its name. */
function urlProblems(text: string, { permitsPrivate, judge }: AddressPolicy): SpecProblem[] {
  const problem = (message: string, remedy: string) => [{ pointer: '/url', message, remedy }];
  if (!URL.canParse(text)) return problem(`is "${text}"`, 'use an address such as https://example.com/retort');
  const url = new URL(text);
  const secure = url.protocol === 'https:';
  if (!secure && !(permitsPrivate && url.protocol === 'http:')) {
    return problem(`begins with ${url.protocol}//`, 'use https; http is for the networks of RETORT_WEBHOOK_ALLOW');
  }
  if (url.username || url.password) {
    return problem('holds a user name or a password', 'leave them out: messages are signed');
  }
  const name = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(name) && judge(name) === 'refused') {
    return problem(
      `leads to ${name}, which is no public address`,
      'use a public one, or add it to RETORT_WEBHOOK_ALLOW',
    );
  }
  return [];
}

function absent(pointer: string, what: string): SpecProblem {
  return { pointer, message: `there is no ${what}`, remedy: 'use the id of one that there is, or null' };
}
