import type { PageRequest } from '@retort/jobs';
import { Type, type TSchema } from 'typebox';

/** What identifiers of each kind of thing begin with. */
type Prefix = 'exp' | 'job' | 'mod' | 'wrk' | 'key' | 'whe';

/** The identifiers of one kind of thing. */
export function Id(prefix: Prefix, description: string) {
  return Type.String({ pattern: `^${prefix}_[0-9A-HJKMNP-TV-Z]{26}$`, description });
}

/** The path of one thing. */
export function ById(prefix: Prefix, description: string) {
  return Type.Object({ id: Id(prefix, description) }, { additionalProperties: false });
}

/** The query of a list. */
export function pageQuery(prefix: Prefix) {
  return {
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 20, description: 'Items on the page.' }),
    after: Type.Optional(Id(prefix, 'The last item of the page before, as its `next` says.')),
  };
}

/** The page that a query asks for. */
export function pageRequest({ limit, after }: { limit: number; after?: string }): PageRequest {
  return { limit, ...(after !== undefined && { after }) };
}

/** A page of a list. */
export function pageOf(item: TSchema) {
  return Type.Object({
    data: Type.Array(item),
    has_more: Type.Boolean(),
    next: Type.Union([Type.String(), Type.Null()], { description: 'What to send as `after` for the next page.' }),
  });
}
