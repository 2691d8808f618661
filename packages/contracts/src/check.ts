import type { TSchema } from 'typebox';
import { suggest } from './nearest.js';
import { pointerStep, type SpecProblem } from './problem.js';

/** What the walk reads of a schema: the JSON Schema keywords that this project's specs use. */
interface Keywords {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Keywords[];
  properties?: Record<string, Keywords>;
  required?: string[];
  patternProperties?: Record<string, Keywords>;
  items?: Keywords;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minProperties?: number;
  maxProperties?: number;
  uniqueItems?: boolean;
  pattern?: string;
  default?: unknown;
  description?: string;
}

/**
 * Compares a value with a schema and says everything that is wrong with it in sentences, with its place.
 *
 * Generic validators report a failed union as a failure of each branch; this one first picks the branch by its literal
 * field (`kind`, `attack`, `name`), and names the nearest known field or value.
 *
 * @returns the value with its defaults filled in, or the problems, at least one
 */
export function check(
  schema: TSchema,
  value: unknown,
): { ok: true; value: unknown } | { ok: false; problems: SpecProblem[] } {
  const problems: SpecProblem[] = [];
  const filled = walk(schema, structuredClone(value), '', problems);
  return problems.length ? { ok: false, problems } : { ok: true, value: filled };
}

function walk(schema: Keywords, value: unknown, pointer: string, problems: SpecProblem[]): unknown {
  if (value === undefined && schema.default !== undefined) value = structuredClone(schema.default);
  const complain = (message: string, remedy: string) => {
    problems.push({ pointer, message, remedy });
    return value;
  };
  if (schema.anyOf) return walkUnion(schema.anyOf, value, pointer, problems);
  if (schema.const !== undefined) {
    return value === schema.const ? value : complain(`is ${show(value)}`, `use ${show(schema.const)}`);
  }
  if (schema.enum) {
    if (schema.enum.includes(value)) return value;
    const known = schema.enum.map(String);
    return complain(`${show(value)} is not known here`, suggest(String(value), known));
  }
  switch (schema.type) {
    case 'object':
      if (!isRecord(value)) return complain(`is ${show(value)}`, 'use an object');
      return schema.patternProperties
        ? walkRecord(schema, value, pointer, problems)
        : walkObject(schema, value, pointer, problems);
    case 'array':
      if (!Array.isArray(value)) return complain(`is ${show(value)}`, 'use an array');
      return walkArray(schema, value, pointer, problems);
    case 'integer':
    case 'number':
      return walkNumber(schema, value, complain);
    case 'string':
      return walkString(schema, value, complain);
    case 'boolean':
      return typeof value === 'boolean' ? value : complain(`is ${show(value)}`, 'use true or false');
    case 'null':
      return value === null ? value : complain(`is ${show(value)}`, 'use null');
    case undefined:
    default:
      return value;
  }
}

function walkObject(schema: Keywords, value: Record<string, unknown>, pointer: string, problems: SpecProblem[]) {
  const properties = schema.properties ?? {};
  const known = Object.keys(properties);
  for (const key of Object.keys(value)) {
    if (!Object.hasOwn(properties, key)) {
      problems.push({
        pointer: pointer + pointerStep(key),
        message: `"${key}" is not a field ${pointer === '' ? 'here' : `of ${pointer}`}`,
        remedy: suggest(key, known),
      });
    }
  }
  const filled: Record<string, unknown> = {};
  for (const [key, property] of Object.entries(properties)) {
    const present = value[key] !== undefined;
    if (!present && property.default === undefined) {
      if (schema.required?.includes(key)) {
        problems.push({
          pointer: pointer + pointerStep(key),
          message: `"${key}" is missing`,
          remedy: `add it${describe(property)}`,
        });
      }
      continue;
    }
    filled[key] = walk(property, value[key], pointer + pointerStep(key), problems);
  }
  return filled;
}

function walkRecord(schema: Keywords, value: Record<string, unknown>, pointer: string, problems: SpecProblem[]) {
  const [[pattern, item]] = Object.entries(schema.patternProperties!) as [[string, Keywords]];
  const { maxProperties = Infinity } = schema;
  const size = Object.keys(value).length;
  if (size > maxProperties) {
    problems.push({ pointer, message: `has ${size} names`, remedy: `use at most ${maxProperties}` });
    return value;
  }
  const filled: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    const at = pointer + pointerStep(key);
    if (!new RegExp(pattern).test(key) || key === '__proto__' || UNSTORABLE.test(key)) {
      problems.push({
        pointer: at,
        message: `"${key}" cannot be a name`,
        remedy: 'use up to 63 letters, digits, ".", "_" and "-", beginning with a letter or a digit',
      });
    } else {
      filled[key] = walk(item, entry, at, problems);
    }
  }
  if (schema.minProperties !== undefined && size < schema.minProperties) {
    problems.push({ pointer, message: 'is empty', remedy: `name at least ${schema.minProperties}` });
  }
  return filled;
}

function walkArray(schema: Keywords, value: unknown[], pointer: string, problems: SpecProblem[]) {
  const { minItems = 0, maxItems = Infinity } = schema;
  if (value.length < minItems || value.length > maxItems) {
    problems.push({
      pointer,
      message: `has ${value.length} items`,
      remedy: value.length < minItems ? `use at least ${minItems}` : `use at most ${maxItems}`,
    });
    // What is too long is not looked through: it may be megabytes.
    if (value.length > maxItems) return value;
  }
  if (schema.uniqueItems) {
    const places = new Map<string, number>();
    value.forEach((item, index) => {
      const text = JSON.stringify(item);
      const first = places.get(text);
      if (first === undefined) places.set(text, index);
      else {
        problems.push({
          pointer: pointer + pointerStep(index),
          message: `${show(item)} stands twice`,
          remedy: `remove it: position ${first} has it already`,
        });
      }
    });
  }
  return value.map((item, index) => walk(schema.items ?? {}, item, pointer + pointerStep(index), problems));
}

/** The branch is chosen by the first field that is a literal in every branch; without such a field by what the value has, and else by the first fit. */
function walkUnion(branches: Keywords[], value: unknown, pointer: string, problems: SpecProblem[]): unknown {
  const tag = tagOf(branches);
  if (tag === undefined) {
    const branch = isRecord(value) ? branchByFields(branches, value) : undefined;
    if (branch) return walkObject(branch, value as Record<string, unknown>, pointer, problems);
    for (const branch of branches) {
      const trial: SpecProblem[] = [];
      const filled = walk(branch, value, pointer, trial);
      if (trial.length === 0) return filled;
    }
    const choices = branches.map((branch) => {
      if (branch.type === 'null') return 'null';
      if (branch.const !== undefined) return show(branch.const);
      return branch.properties ? `an object with ${fields(branch)}` : article(range(branch));
    });
    problems.push({ pointer, message: `is ${show(value)}`, remedy: `use ${choices.join(' or ')}` });
    return value;
  }
  const tags = literals(branches, tag);
  if (!isRecord(value)) {
    problems.push({ pointer, message: `is ${show(value)}`, remedy: `use an object with "${tag}": ${tags.join(', ')}` });
    return value;
  }
  const branch = branches.find((candidate) => candidate.properties![tag]!.const === value[tag]);
  if (branch) return walkObject(branch, value, pointer, problems);
  problems.push(
    value[tag] === undefined
      ? { pointer: pointer + pointerStep(tag), message: `"${tag}" is missing`, remedy: `add one of ${tags.join(', ')}` }
      : {
          pointer: pointer + pointerStep(tag),
          message: `${show(value[tag])} is not known here`,
          remedy: suggest(typeof value[tag] === 'string' ? value[tag] : '', tags),
        },
  );
  return value;
}

/** The field that is a literal in every branch. */
function tagOf(branches: Keywords[]): string | undefined {
  return Object.keys(branches[0]?.properties ?? {}).find((key) =>
    branches.every((branch) => branch.properties?.[key]?.const !== undefined),
  );
}

function literals(branches: Keywords[], tag: string): string[] {
  return branches.map((branch) => String(branch.properties![tag]!.const));
}

/** Of objects that differ by a field which only one of them requires: that one where the value has the field, the one without such a field where not. */
function branchByFields(branches: Keywords[], value: Record<string, unknown>): Keywords | undefined {
  if (!branches.every(({ properties }) => properties)) return undefined;
  const own = ({ required = [] }: Keywords, others: Keywords[]) =>
    required.filter((key) => others.every(({ properties }) => !Object.hasOwn(properties!, key)));
  const marks = branches.map((branch) =>
    own(
      branch,
      branches.filter((other) => other !== branch),
    ),
  );
  const marked = branches.filter((_, at) => marks[at]!.some((key) => value[key] !== undefined));
  const unmarked = branches.filter((_, at) => marks[at]!.length === 0);
  return marked[0] ?? (unmarked.length === 1 ? unmarked[0] : undefined);
}

/** Text that JSON can carry and Postgres cannot keep. */
const UNSTORABLE = /\0|\p{Surrogate}/u;

type Complain = (message: string, remedy: string) => unknown;

function walkNumber(schema: Keywords, value: unknown, complain: Complain) {
  const fits =
    typeof value === 'number' &&
    Number.isFinite(value) &&
    (schema.type !== 'integer' || Number.isSafeInteger(value)) &&
    !(value < (schema.minimum ?? -Infinity)) &&
    !(value > (schema.maximum ?? Infinity)) &&
    !(value <= (schema.exclusiveMinimum ?? -Infinity)) &&
    !(value >= (schema.exclusiveMaximum ?? Infinity));
  return fits ? value : complain(`is ${show(value)}`, `use a ${range(schema)}`);
}

function walkString(schema: Keywords, value: unknown, complain: Complain) {
  if (typeof value !== 'string') return complain(`is ${show(value)}`, 'use a string');
  if (UNSTORABLE.test(value)) return complain('holds U+0000 or half of a surrogate pair', 'use text without it');
  const { minLength = 0, maxLength = Infinity } = schema;
  if (value.length < minLength || value.length > maxLength) {
    return complain(`has ${value.length} characters`, `use ${minLength} to ${maxLength}`);
  }
  if (schema.pattern && !new RegExp(schema.pattern).test(value)) {
    return complain(`is ${show(value)}`, `use a string that matches ${schema.pattern}`);
  }
  return value;
}

/** The permitted numbers, in words. */
function range(schema: Keywords): string {
  const low =
    schema.minimum !== undefined
      ? `at least ${schema.minimum}`
      : schema.exclusiveMinimum !== undefined
        ? `above ${schema.exclusiveMinimum}`
        : undefined;
  const high =
    schema.maximum !== undefined
      ? `at most ${schema.maximum}`
      : schema.exclusiveMaximum !== undefined
        ? `below ${schema.exclusiveMaximum}`
        : undefined;
  const kind = schema.type === 'integer' ? 'whole number' : (schema.type ?? 'number');
  return [kind, [low, high].filter(Boolean).join(' and ')].filter(Boolean).join(' ');
}

/** The fields that an object must have, in words. */
function fields({ required = [], properties = {} }: Keywords): string {
  const named = required.filter((key) => properties[key]?.default === undefined).map((key) => `"${key}"`);
  return named.length > 1 ? `${named.slice(0, -1).join(', ')} and ${named.at(-1)}` : (named[0] ?? 'any of its fields');
}

function article(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** What a field is, in the words of its schema, or else by what it may hold. */
function describe(schema: Keywords): string {
  const text = schema.description ?? expectation(schema);
  return text === undefined ? '' : `: ${text}`;
}

function expectation(schema: Keywords): string | undefined {
  if (schema.anyOf) {
    const tag = tagOf(schema.anyOf);
    return tag === undefined ? undefined : `an object with "${tag}": ${literals(schema.anyOf, tag).join(', ')}`;
  }
  if (schema.properties) return `an object with ${fields(schema)}`;
  return schema.type === 'number' || schema.type === 'integer' ? article(range(schema)) : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  // 1e999 is a number of JSON, but none of JavaScript's.
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
