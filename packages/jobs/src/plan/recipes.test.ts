import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { planExperiment } from './plan.js';

const folder = new URL('../../../../recipes/', import.meta.url);

it.each(await readdir(folder))('%s is a valid spec, named after its file', async (file) => {
  const body = JSON.parse(await readFile(new URL(file, folder), 'utf8')) as { name: string };
  expect(planExperiment(body)).toMatchObject({ ok: true });
  expect(`${body.name}.json`).toBe(file);
});
