import type { ChildProcess } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { smallestNet } from '@retort/contracts';
import { quantile } from '@retort/statistics';
import { markdownTable } from '../measuring/markdown.js';
import { short } from '../measuring/spread.js';
import type { Conditions, Findings, Part } from '../part.js';
import { ApiClient } from '../queue/api-client.js';
import { end, startApi, startService, startWorker } from '../queue/service.js';

/** How soon a cancelled job ends. */
export const cancels: Part = {
  name: 'cancels',
  about:
    'from the request to cancel a job, to another API process, to its end: of one that runs, and of one that waits',
  usual: true,
  run: measureCancels,
};

interface Job {
  readonly id: string;
  readonly status: string;
  readonly progress: { readonly fraction: number };
}

async function measureCancels({ quick, say }: Conditions): Promise<Findings> {
  const rounds = quick ? 20 : 100;
  const service = await startService();
  const processes: ChildProcess[] = [];
  const clients: ApiClient[] = [];
  try {
    const { api, url } = await startApi(service.environment);
    processes.push(api, await startWorker(service));
    const [client, other] = [new ApiClient(service.apiUrl, 1), new ApiClient(url, 1)];
    clients.push(client, other);
    const running: number[] = [];
    const waiting: number[] = [];
    for (let round = -1; round < rounds; round++) {
      const runs = await submit(client);
      await jobWhen(client, runs, ({ status, progress }) => status === 'running' && progress.fraction > 0);
      // Behind the other: the worker has one child.
      const waits = await submit(client);
      const took = { waiting: await cancel(client, other, waits), running: await cancel(client, other, runs) };
      if (round < 0) continue; // the first one loads the code
      waiting.push(took.waiting);
      running.push(took.running);
      say(`cancelled: waiting ${short(took.waiting)} ms, running ${short(took.running)} ms`);
    }
    const row = (name: string, times: readonly number[]) => {
      const sorted = Float64Array.from(times).sort();
      return [name, ...[0.5, 0.95, 1].map((share) => short(quantile(sorted, share)))];
    };
    const text = `Milliseconds until the job is seen to be cancelled, which is looked for every ${LOOK_MS} ms; ${rounds} of each. The training on wasm has steps of 64 images of MNIST, \`compact\`.`;
    const table = markdownTable(
      ['the job', 'p50', 'p95', 'longest'],
      [row('waits for a worker', waiting), row('runs', running)],
    );
    return {
      markdown: `### Cancelling from another API process\n\n${text}\n\n${table}`,
      results: { waiting, running },
    };
  } finally {
    for (const client of clients) client.close();
    await Promise.all(processes.map(end));
    await service.stop();
  }
}

const LOOK_MS = 10;

/** Submits a training that lasts for much longer than it is let. */
async function submit(client: ApiClient): Promise<string> {
  const { id } = await client.post<{ id: string }>('/v1/experiments', {
    name: 'cancelled',
    dataset: { name: 'mnist', train: 2000, validation: 100, test: 100 },
    models: { net },
    reuse: false,
  });
  return id;
}

/** Cancels an experiment of one job through one API, and gives the milliseconds until the other tells that it has ended. */
async function cancel(client: ApiClient, other: ApiClient, experimentId: string): Promise<number> {
  const asked = performance.now();
  await other.post(`/v1/experiments/${experimentId}/cancel`, {});
  const { status } = await jobWhen(client, experimentId, (job) => !['queued', 'running'].includes(job.status));
  if (status !== 'cancelled') throw new Error(`the job that was to be cancelled has ${status}`);
  return performance.now() - asked;
}

async function jobWhen(client: ApiClient, experimentId: string, wanted: (job: Job) => boolean): Promise<Job> {
  for (;;) {
    const { data } = await client.get<{ data: Job[] }>(`/v1/experiments/${experimentId}/jobs`);
    if (wanted(data[0]!)) return data[0]!;
    await setTimeout(LOOK_MS);
  }
}

/** It trains until it is cancelled. */
const net = { ...smallestNet, epochs: 1000, batch_size: 64 };
