import { Type, type Static, type TSchema } from 'typebox';

/** A schema that the OpenAPI document holds once, under its name. */
export type Component<T extends TSchema = TSchema> = T & { readonly $id: string };

/** Gives a schema its name in the OpenAPI document. */
export function component<T extends TSchema>(name: string, schema: T): Component<T> {
  return { ...schema, $id: name };
}

/** A reference to a component. */
export function ref<T extends TSchema>(schema: Component<T>) {
  return Type.Unsafe<Static<T>>({ $ref: `${schema.$id}#` });
}

/**
 * The schema of a value before its defaults are filled in: whatever has a default may be left out.
 *
 * Names that are a pattern's are written as `additionalProperties`, which more readers of OpenAPI understand.
 */
export function asPosted(schema: TSchema): TSchema {
  return Type.Unsafe<unknown>(withoutDefaulted(schema) as object);
}

function withoutDefaulted(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutDefaulted);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withoutDefaulted(value)]));
  const { properties, required, patternProperties } = copy as {
    properties?: Record<string, object>;
    required?: string[];
    patternProperties?: Record<string, object>;
  };
  if (properties && Array.isArray(required)) {
    copy.required = required.filter((name) => !('default' in (properties[name] ?? {})));
  }
  if (patternProperties) {
    const [[pattern, value]] = Object.entries(patternProperties) as [[string, object]];
    delete copy.patternProperties;
    copy.propertyNames = { type: 'string', pattern };
    copy.additionalProperties = value;
  }
  return copy;
}
