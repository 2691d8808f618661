import type { EvaluateResult } from '@retort/contracts';
import type { Summary } from '@retort/report';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectInside } from './support/attacked-images.js';
import { finishedJobs, named, submit, tinyNet, tinySpec } from './support/experiments.js';
import { startRetort, type TestRetort } from './support/retort.js';

let retort: TestRetort;
beforeAll(async () => {
  retort = await startRetort();
  await retort.startWorker({ RETORT_CONCURRENCY: '2' });
});
afterAll(() => retort.stop());

const EPSILON = 0.2;

const panel = tinySpec({
  models: { plain: tinyNet, loud: { kind: 'deploy', model: 'plain', deployment_temperature: 0.01 } },
  evaluations: {
    claim: {
      epsilon: EPSILON,
      effort: 'quick',
      surrogates: ['plain'],
      examples: { count: 60, choose: 'clean-correct' },
    },
  },
});

describe('an evaluation, on real MNIST', () => {
  it('tells an ordinary net from one that only hides its gradient, and shows why', async () => {
    const id = await submit(retort, panel);
    const jobs = await finishedJobs(retort, id);
    expect(jobs.map(({ name, status }) => [name, status])).toEqual(
      ['plain', 'loud', 'claim of plain', 'claim of loud'].map((name) => [name, 'succeeded']),
    );
    const [plain, loud] = ['claim of plain', 'claim of loud'].map(
      (name) => named(jobs, name).result as unknown as EvaluateResult,
    );
    expect(plain).toMatchObject({ verdict: 'broken', masking: false, randomised: false });
    expect(loud).toMatchObject({ verdict: 'masked', masking: true, randomised: false });
    // Scaling the logits changes no label: what breaks the one breaks the other, and only the naive attack is misled.
    expect(loud!.robust_accuracy.rate).toBeLessThan(0.2);
    expect(loud!.naive_robust_accuracy.rate).toBeGreaterThan(0.5);
    expect(plain!.examples.count).toBe(60);
    expect(loud!.provenance.engine.name).toBe('wasm');

    const summary = await retort.get<Summary>(`/v1/experiments/${id}/summary`);
    expect(summary.sentence.shows).toMatch(/Within linf 0.2, loud .* is masked\./);
    const report = await (await fetch(`${retort.url}/v1/experiments/${id}/report`)).text();
    expect(report).toContain('id="verdicts"');

    const { id: jobId } = named(jobs, 'claim of loud');
    const bytes = await (await fetch(`${retort.url}/v1/jobs/${jobId}/artifacts/adversarial`)).arrayBuffer();
    expectInside(Buffer.from(bytes), { count: 60, epsilon: EPSILON });
  });
});
