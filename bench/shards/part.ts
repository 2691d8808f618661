import type { ChildProcess } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { smallestNet } from '@retort/contracts';
import { interleaved } from '../measuring/interleaved.js';
import { markdownTable } from '../measuring/markdown.js';
import { ratioOf, spreadOf, written } from '../measuring/spread.js';
import type { Conditions, Findings, Part } from '../part.js';
import { ApiClient } from '../queue/api-client.js';
import { end, startService, startWorker } from '../queue/service.js';

/** What a second worker brings to one attack. */
export const shards: Part = {
  name: 'shards',
  about: 'one attack by one worker, and in parts by two workers of one child each',
  usual: true,
  run: measureShards,
};

const WORKERS = 2;
/** Parts of the attack: a few more than workers, so that none waits long for another at the end. */
const PARTS = 4;
const EXAMPLES = 256;

interface Job {
  readonly name: string;
  readonly status: string;
  readonly detail: string | null;
  readonly started_at: string;
  readonly finished_at: string;
  readonly artifacts: readonly { readonly name: string; readonly sha256: string }[];
}

async function measureShards({ quick, say }: Conditions): Promise<Findings> {
  const rounds = quick ? 3 : 5;
  const service = await startService();
  const client = new ApiClient(service.apiUrl, 1);
  const workers: ChildProcess[] = [];
  try {
    for (let number = 0; number < WORKERS; number++) workers.push(await startWorker(service));
    // Long enough that the seconds which each part spends on starting are few beside those which it computes.
    const steps = quick ? 40 : 100;
    const ways = [
      { name: 'whole, by one worker', shardSize: EXAMPLES },
      { name: `in ${PARTS} parts, by ${WORKERS} workers`, shardSize: EXAMPLES / PARTS },
    ];
    await attack(client, ways[0]!.shardSize, 10); // each worker loads its code
    const hashes = new Set<string>();
    const [whole, parts] = (await interleaved(ways, rounds, async ({ name, shardSize }) => {
      const { seconds, sha256 } = await attack(client, shardSize, steps);
      hashes.add(sha256);
      say(`${name}: ${seconds.toFixed(1)} s`);
      return seconds;
    })) as [number[], number[]];
    if (hashes.size !== 1) throw new Error('the attack in parts has other images than the whole one');
    const rows = [
      [ways[0]!.name, written(spreadOf(whole)), '1'],
      [ways[1]!.name, written(spreadOf(parts)), written(ratioOf(parts, whole))],
    ];
    const title = `One attack by ${WORKERS} workers`;
    const text = `PGD in Linf, ${steps} steps, ${EXAMPLES} images of MNIST, \`papernot-mnist\`, seconds from its start to its result; equal images, byte for byte.`;
    return {
      markdown: `### ${title}\n\n${text}\n\n${markdownTable(['', 'seconds', 'of one worker'], rows)}`,
      results: { examples: EXAMPLES, steps, parts: PARTS, workers: WORKERS, whole, inParts: parts },
    };
  } finally {
    client.close();
    await Promise.all(workers.map(end));
    await service.stop();
  }
}

/** Seconds from the start of an attack to its result, and the sha256 of its images; the net is trained before. */
async function attack(
  client: ApiClient,
  shardSize: number,
  steps: number,
): Promise<{ seconds: number; sha256: string }> {
  const { id } = await client.post<{ id: string }>('/v1/experiments', {
    name: 'shards',
    dataset: { name: 'mnist', train: 2000, validation: 100, test: EXAMPLES },
    models: { net },
    attacks: {
      pgd: {
        attack: 'pgd',
        // So near that hardly an image is fooled, and leaves.
        parameters: { norm: 'linf', epsilon: 0.01, steps },
        examples: { count: EXAMPLES, choose: 'any' },
      },
    },
    limits: { shard_size: shardSize },
    reuse: false,
  });
  for (;;) {
    const { jobs } = await client.get<{ jobs: Job[] }>(`/v1/experiments/${id}/results`);
    const failed = jobs.find(({ status }) => status === 'failed');
    if (failed) throw new Error(`"${failed.name}" failed: ${failed.detail}`);
    const job = jobs.find(({ name }) => name === 'pgd on net')!;
    if (job.status === 'succeeded') {
      const seconds = (Date.parse(job.finished_at) - Date.parse(job.started_at)) / 1000;
      return { seconds, sha256: job.artifacts.find(({ name }) => name === 'adversarial')!.sha256 };
    }
    await setTimeout(200);
  }
}

const net = {
  ...smallestNet,
  architecture: 'papernot-mnist',
  batch_size: 128,
  optimizer: { name: 'adam' },
  learning_rate: { base: 0.001 },
};
