import { createHash, timingSafeEqual } from 'node:crypto';
import { scopes } from '@retort/contracts';
import { anyApiKey, authenticate, type Authentication, type Caller } from '@retort/jobs';
import type { Services } from '../services.js';
import { Problem } from '../problem.js';
import type { Credentials } from './credentials.js';

/** Whom the API answers. */
export interface AccessPolicy {
  /** Whether a key is needed even while there is none. */
  readonly required?: boolean;
  /** A secret of the operator's that may do everything, and is no row of the database. */
  readonly operatorSecret?: string;
}

/** Milliseconds for which an API process takes it that there is still no key, where another process may make one. */
const OPEN_FOR_MS = 1000;

/** Who asks where no key is needed. */
const anonymous: Caller = { apiKeyId: null, name: 'anonymous', scopes, requestsPerMinute: null };
const operator: Caller = { apiKeyId: null, name: 'RETORT_ADMIN_KEY', scopes: ['admin'], requestsPerMinute: null };

export interface Gate {
  /**
   * Who asks.
   *
   * @throws Problem `unauthorized` where a key is needed, or the one that was sent is not taken
   */
  admit: (credentials: Credentials | undefined) => Promise<Caller>;
  /** Whose secret it is. */
  identify: (secret: string) => Promise<Authentication>;
  /** Whether requests without a key are answered. */
  isOpen: () => Promise<boolean>;
}

/** Makes the gate at which every request of /v1 is told who makes it. */
export function openGate(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  { required = false, operatorSecret }: AccessPolicy,
): Gate {
  const operatorHash = operatorSecret === undefined ? undefined : hashOf(operatorSecret);
  // Keys are never deleted: once there was one, the service stays closed.
  let closed = required || operatorHash !== undefined;
  let openUntil = -Infinity;

  const isOpen = async () => {
    if (closed || performance.now() < openUntil) return !closed;
    closed = await anyApiKey(db);
    openUntil = performance.now() + OPEN_FOR_MS;
    return !closed;
  };
  const identify = async (secret: string): Promise<Authentication> => {
    if (operatorHash && timingSafeEqual(hashOf(secret), operatorHash)) return { outcome: 'accepted', caller: operator };
    const authentication = await authenticate({ db, now: clock.now() }, secret);
    if (authentication.outcome !== 'unknown') closed = true;
    return authentication;
  };
  const admit = async (credentials: Credentials | undefined) => {
    if (!credentials) {
      if (await isOpen()) return anonymous;
      throw new Problem(
        'unauthorized',
        'This Retort answers only who has an API key: send it as "Authorization: Bearer rtk_…". Whoever runs the service makes one by "retort key create" or POST /v1/api-keys.',
      );
    }
    const authentication = await identify(credentials.secret);
    if (authentication.outcome === 'accepted') return authentication.caller;
    // A browser goes on sending the cookie of a database that was since made anew.
    if (credentials.from === 'cookie' && (await isOpen())) return anonymous;
    throw refusalOf(authentication);
  };
  return { admit, identify, isOpen };
}

/** Why a secret is not taken. */
export function refusalOf(authentication: Exclude<Authentication, { outcome: 'accepted' }>): Problem {
  const another = 'use another, or have one made by "retort key create" or POST /v1/api-keys';
  if (authentication.outcome === 'unknown') {
    return new Problem(
      'unauthorized',
      `The API key that was sent is none of this Retort; check that it is whole, or ${another}.`,
    );
  }
  const what = authentication.outcome === 'revoked' ? 'was revoked' : 'has expired';
  return new Problem('unauthorized', `The API key "${authentication.name}" ${what}; ${another}.`);
}

/** Whether a caller is nobody in particular. */
export function isAnonymous(caller: Caller): boolean {
  return caller === anonymous;
}

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
