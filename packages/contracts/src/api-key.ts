import { Type, type Static } from 'typebox';

/** What a key may do: `read` looks, `submit` makes and steers work, `admin` does all of it and keeps keys and webhooks. */
export const scopes = ['read', 'submit', 'admin'] as const;
export type Scope = (typeof scopes)[number];
export const Scope = Type.Enum([...scopes]);

/** What to say of a new API key. */
export const NewApiKey = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'What a person calls it, such as `nightly sweeps`.',
    }),
    scopes: Type.Array(Scope, {
      minItems: 1,
      uniqueItems: true,
      default: ['read', 'submit'],
      description: '`read`: look at everything; `submit`: make and steer work; `admin`: both, and keys and webhooks.',
    }),
    max_running: Type.Union([Type.Integer({ minimum: 1, maximum: 1_000_000 }), Type.Null()], {
      default: null,
      description: 'Tasks of its experiments that may run at once; null for no bound.',
    }),
    requests_per_minute: Type.Union([Type.Integer({ minimum: 1, maximum: 1_000_000 }), Type.Null()], {
      default: null,
      description: 'Requests that it may make in a minute, counted by each API process; null for no bound.',
    }),
    expires_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
      default: null,
      description: 'From when on it is refused; null for never.',
    }),
  },
  { additionalProperties: false },
);
export type NewApiKey = Static<typeof NewApiKey>;
