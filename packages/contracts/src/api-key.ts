import { Type, type Static } from 'typebox';
import type { SpecProblem } from './problem.js';

/** What a key may do: `read` looks, `submit` makes and steers work, `admin` does all of it and keeps keys and webhooks. */
export const scopes = ['read', 'submit', 'admin'] as const;
export type Scope = (typeof scopes)[number];
export const Scope = Type.Enum([...scopes]);

const Name = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'What a person calls it, such as `nightly sweeps`.',
});
const Bound = [Type.Integer({ minimum: 1, maximum: 1_000_000 }), Type.Null()] as const;
const Expiry = [Type.String({ format: 'date-time' }), Type.Null()] as const;
const scopesTerms = {
  minItems: 1,
  uniqueItems: true,
  description: '`read`: look at everything; `submit`: make and steer work; `admin`: both, and keys and webhooks.',
};
const about = {
  max_running: 'Tasks of its experiments that may run at once; null for no bound.',
  requests_per_minute: 'Requests that it may make in a minute, over all API processes; null for no bound.',
  expires_at: 'From when on it is refused; null for never.',
};

/** What to say of a new API key. */
export const NewApiKey = Type.Object(
  {
    name: Name,
    scopes: Type.Array(Scope, { ...scopesTerms, default: ['read', 'submit'] }),
    max_running: Type.Union([...Bound], { default: null, description: about.max_running }),
    requests_per_minute: Type.Union([...Bound], { default: null, description: about.requests_per_minute }),
    expires_at: Type.Union([...Expiry], { default: null, description: about.expires_at }),
  },
  { additionalProperties: false },
);
export type NewApiKey = Static<typeof NewApiKey>;

/** What of an API key is to change. */
export const ApiKeyChange = Type.Object(
  {
    name: Type.Optional(Name),
    scopes: Type.Optional(Type.Array(Scope, scopesTerms)),
    max_running: Type.Optional(Type.Union([...Bound], { description: about.max_running })),
    requests_per_minute: Type.Optional(Type.Union([...Bound], { description: about.requests_per_minute })),
    expires_at: Type.Optional(Type.Union([...Expiry], { description: about.expires_at })),
  },
  { additionalProperties: false },
);
export type ApiKeyChange = Static<typeof ApiKeyChange>;

/** What is wrong with the end that is asked for a key: it must not have passed. */
export function expiryProblems({ expires_at: end }: Pick<ApiKeyChange, 'expires_at'>, now: Date): SpecProblem[] {
  if (end === undefined || end === null || (isTime(end) && Date.parse(end) > now.getTime())) return [];
  const remedy = 'use a time to come such as 2030-01-31T00:00:00Z, or null';
  return [{ pointer: '/expires_at', message: `is "${end}"`, remedy }];
}

/** Whether a text is a time as RFC 3339 has it, of a day that there is: Date.parse takes more, and 31 February for 3 March. */
function isTime(text: string): boolean {
  const day = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.exec(text)?.[1];
  if (day === undefined || Number.isNaN(Date.parse(day))) return false;
  return new Date(day).toISOString().startsWith(day);
}
