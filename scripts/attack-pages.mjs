// The pages of docs/attacks: what the source and the parameter schema of each attack say of it.
import { readFileSync, readdirSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';
import { attackParameters, presets } from '../packages/contracts/dist/index.js';
import { attacks } from '../packages/lab/dist/index.js';

const folder = new URL('../packages/lab/src/attacks/', import.meta.url);

/**
 * Every page, by its file name in docs/attacks.
 *
 * @throws Error for an attack whose source has no docstring
 */
export async function attackPages() {
  const sources = docstrings();
  const names = Object.keys(attackParameters);
  const pages = new Map([['README.md', index(names, sources)]]);
  for (const name of names) pages.set(`${name}.md`, page(name, sourceOf(name, sources)));
  const style = await resolveConfig(new URL(import.meta.url));
  for (const [file, text] of pages) pages.set(file, await format(text, { ...style, parser: 'markdown' }));
  return pages;
}

function page(name, { file, doc }) {
  const schema = attackParameters[name];
  return `# ${name}

${doc}

- **Paper:** ${linked(attacks[name].paper)}
- **Cost:** ${parted(schema.description).cost}
- **Source:** [${file}](../../packages/lab/src/attacks/${file})

In a spec: \`{ "attack": "${name}", "parameters": { … }, "examples": { "count": 500 } }\`.

## Parameters

| parameter | default | values | meaning |
| --- | --- | --- | --- |
${Object.entries(schema.properties).map(parameterRow).join('\n')}
${presetsOf(name)}`;
}

function parameterRow([field, property]) {
  const cells = [code(field), valueText(property.default), rangeText(property), property.description];
  return `| ${cells.map(inCell).join(' | ')} |`;
}

function presetsOf(name) {
  const own = Object.entries(presets).filter(([, { attack }]) => attack === name);
  if (own.length === 0) return '';
  return `
## Presets

| name | parameters | source |
| --- | --- | --- |
${own.map(presetRow).join('\n')}
`;
}

function presetRow([name, { parameters, source }]) {
  return `| ${[code(name), settings(parameters), linked(source)].map(inCell).join(' | ')} |`;
}

function index(names, sources) {
  const attackRow = (name) => {
    const { what, cost } = parted(attackParameters[name].description);
    return `| ${[`[${name}](${name}.md)`, what, cost, linked(attacks[name].paper)].map(inCell).join(' | ')} |`;
  };
  for (const name of names) sourceOf(name, sources);
  return `# Attacks

Made by \`npm run docs\` from the attacks' sources; \`npm run lint\` fails where a page is stale.

| attack | what it does | cost | paper |
| --- | --- | --- | --- |
${names.map(attackRow).join('\n')}

## Presets

An attack under another name, with the defaults of its paper or of its authors' code. It stands wherever an attack may, takes the
parameters of its attack, and is planned as that attack: a job with the same parameters written out is the same job.

| name | attack | parameters | source |
| --- | --- | --- | --- |
${Object.entries(presets)
  .map(
    ([name, { attack, parameters, source }]) =>
      `| ${[code(name), `[${attack}](${attack}.md)`, settings(parameters), linked(source)].map(inCell).join(' | ')} |`,
  )
  .join('\n')}
`;
}

/** The docstring of each attack that is defined in the folder, with the file that has it, by the attack's name. */
function docstrings() {
  const found = new Map();
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  for (const file of files) {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const { statements } = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    for (const statement of statements.filter(ts.isVariableStatement)) {
      const { initializer } = statement.declarationList.declarations[0];
      const name = initializer && attackName(initializer);
      if (name === undefined) continue;
      const [doc] = ts.getJSDocCommentsAndTags(statement);
      found.set(name, { file, doc: doc && ts.getTextOfJSDocComment(doc.comment) });
    }
  }
  return found;
}

/** The name of an attack that an expression defines, as an object or as the first argument of a call. */
function attackName(expression) {
  const object = ts.isCallExpression(expression) ? expression.arguments[0] : expression;
  if (!object || !ts.isObjectLiteralExpression(object)) return undefined;
  const strings = object.properties
    .filter((property) => ts.isPropertyAssignment(property) && ts.isStringLiteral(property.initializer))
    .map((property) => [property.name.getText(), property.initializer.text]);
  const { name, paper } = Object.fromEntries(strings);
  return paper === undefined ? undefined : name;
}

function sourceOf(name, sources) {
  const source = sources.get(name);
  if (!source?.doc)
    throw new Error(`the attack ${name} has no docstring in ${folder.pathname}: write what it does there`);
  return source;
}

/** A schema's description, parted into what the attack does and what that costs. */
function parted(description) {
  const end = description.indexOf('. ') + 1;
  return { what: description.slice(0, end), cost: description.slice(end + 1) };
}

/** The permitted values in words. */
function rangeText(property) {
  if (property.enum) return property.enum.map(code).join(', ');
  if (property.const !== undefined) return code(property.const);
  if (property.anyOf) return property.anyOf.map(rangeText).join(', or ');
  if (property.type === 'boolean') return '`true`, `false`';
  if (property.type === 'array') return `${property.minItems} to ${property.maxItems} of \`{ attack, parameters }\``;
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = property;
  const kind = property.type === 'integer' ? 'whole, ' : '';
  const low = minimum !== undefined ? `from ${minimum}` : `above ${exclusiveMinimum}`;
  return `${kind}${low} ${maximum !== undefined ? `to ${maximum}` : `to below ${exclusiveMaximum}`}`;
}

function settings(parameters) {
  return Object.entries(parameters)
    .map(([field, value]) => code(`${field}: ${rounded(value)}`))
    .join(', ');
}

/** A value as a spec has it; of a fraction such as 8/255 as many digits as tell it apart. */
function rounded(value) {
  if (typeof value !== 'number') return value;
  const fraction = value * 255;
  return Number.isInteger(value) || value < 1e-3 || Math.abs(fraction - Math.round(fraction)) > 1e-9
    ? value
    : `${Math.round(fraction)}/255`;
}

function valueText(value) {
  return code(typeof value === 'string' ? value : JSON.stringify(value));
}

function code(text) {
  return `\`${text}\``;
}

/** Text with its arXiv numbers as links. */
function linked(text) {
  return text.replace(/arXiv (\d{4}\.\d{5})/g, '[arXiv $1](https://arxiv.org/abs/$1)');
}

function inCell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
