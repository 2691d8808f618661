import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { quickSpec, tinyNet } from './support/experiments.js';
import { startRetort, type TestRetort } from './support/retort.js';

const main = fileURLToPath(new URL('../apps/cli/dist/main.js', import.meta.url));
const UNKNOWN = 'exp_00000000000000000000000000';

let retort: TestRetort;
beforeAll(async () => {
  retort = await startRetort();
  await retort.startWorker();
});
afterAll(() => retort?.stop());

/** Runs `retort` as a person does. */
function run(args: string[], input = ''): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, RETORT_API_URL: retort.url };
    const child = execFile(process.execPath, [main, ...args], { env }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
    child.stdin!.end(input);
  });
}

const experiment = async (id: string) =>
  retort.get<{ status: string; retry_of: string | null }>(`/v1/experiments/${id}`);

it('submits YAML from standard input, shows its progress, and reports in each form', async () => {
  const yaml = Object.entries(quickSpec()).map(([field, value]) => `${field}: ${JSON.stringify(value)}\n`);
  const submitted = await run(['submit', '-', '--watch'], `# as a person writes it\n${yaml.join('')}`);
  expect(submitted, submitted.err).toMatchObject({ code: 0 });
  const [id = ''] = submitted.out.split('\n', 1);
  expect(id).toMatch(/^exp_/);
  expect(submitted.out).toContain('  plain: 100 % succeeded');
  expect(submitted.out).toContain('test accuracy');
  expect(submitted.err).toContain(`1 jobs, 0 of them reused; ${retort.url}/#/experiments/${id}`);

  const output = join(retort.folder, 'report.html');
  const [watched, html, json, text] = await Promise.all([
    run(['watch', id]),
    run(['report', id, '--output', output]),
    run(['report', id, '--format', 'json']),
    run(['report', id, '--format', 'text']),
  ]);
  expect([watched, html, json, text].map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  expect(watched.out).toContain('  plain: 100 % succeeded');
  expect(html.out).toBe('');
  expect(await readFile(output, 'utf8')).toMatch(/^<!doctype html>/i);
  expect(JSON.parse(json.out)).toMatchObject({ experiment: { id, status: 'succeeded' } });
  expect(watched.out.endsWith(text.out)).toBe(true);
});

it('exits with 1 where a job fails, and retries that', async () => {
  const file = join(retort.folder, 'hard.json');
  await writeFile(file, JSON.stringify(quickSpec({ models: { hard: { ...tinyNet, minimum_accuracy: 1 } } })));
  const submit = () => run(['submit', file, '--idempotency-key', 'hard', '--url', retort.url]);
  const first = await submit();
  expect(first).toMatchObject({ code: 0, out: expect.stringMatching(/^exp_\w+\n$/) as string });
  const id = first.out.trim();
  const [watched, again] = await Promise.all([run(['watch', id]), submit()]);
  expect(again.out).toBe(first.out);
  expect(again.err).toContain('made by an earlier request');
  expect(watched.code).toBe(1);
  expect(watched.out).toContain('FAILED (accuracy_below_minimum)');
  expect(watched.out).toContain('no result: hard failed');

  const retried = await run(['retry', id, '--watch']);
  expect(retried.code).toBe(1);
  expect(await experiment(retried.out.split('\n', 1)[0]!)).toMatchObject({ retry_of: id, status: 'failed' });
});

it('exits with 2 where it cannot ask, and says why', async () => {
  const misspelt = JSON.stringify(quickSpec({ dataset: { name: 'mnits', train: 5 } }));
  const refused = await Promise.all([
    run(['submit', '-'], misspelt),
    run(['submit', '-', '--watch'], '{"name": '),
    run(['submit', '-'], 'name: [x'),
    run(['submit', 'no-such.yaml']),
    run(['watch', UNKNOWN]),
    run(['report', UNKNOWN, '--format', 'json']),
    run(['retry', UNKNOWN]),
    run(['watch', UNKNOWN, '--url', 'http://127.0.0.1:9']),
    run(['watch']),
  ]);
  expect(refused.map(({ code }) => code)).toEqual(refused.map(() => 2));
  expect(refused.map(({ out }) => out)).toEqual(refused.map(() => ''));
  const said = refused.map(({ err }) => err);
  expect(said[0]).toContain('did you mean "mnist"?');
  expect(said[1]).toContain('standard input is not JSON: ');
  expect(said[2]).toContain('standard input is not YAML: ');
  expect(said[3]).toContain('there is no recipe no-such.yaml: use the path of a JSON or YAML file');
  for (const message of said.slice(4, 7)) expect(message).toContain(`There is no experiment "${UNKNOWN}"`);
  expect(said[7]).toContain('no Retort answers at http://127.0.0.1:9');
  expect(said[8]).toContain("missing required argument 'experiment'");
});
