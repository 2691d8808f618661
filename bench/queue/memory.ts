import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { smallestNet } from '@retort/contracts';
import { ApiClient } from './api-client.js';
import { end, startWorker, type Service } from './service.js';

/** Peaks of resident memory, in MiB. */
export interface WorkerMemory {
  readonly supervisor: number;
  /** Of the child that computed. */
  readonly child: number;
}

/** The peak of a process's resident memory in MiB, as Linux keeps it; undefined on other systems. */
export async function peakMiB(pid: number): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)![1]) / 1024;
}

/** The memory of a worker of one wasm child that trains `papernot-mnist` at batch 128; undefined but on Linux. */
export async function measureWorkerMemory(service: Service): Promise<WorkerMemory | undefined> {
  if (process.platform !== 'linux') return undefined;
  const client = new ApiClient(service.apiUrl, 1);
  const worker = await startWorker(service);
  try {
    const { id } = await client.post<{ id: string }>('/v1/experiments', training);
    for (;;) {
      const { status } = await client.get<{ status: string }>(`/v1/experiments/${id}`);
      if (status === 'succeeded') break;
      if (status !== 'running') {
        const { data } = await client.get<{ data: { detail: string }[] }>(`/v1/experiments/${id}/jobs`);
        throw new Error(`the training has ${status}: ${data[0]!.detail}`);
      }
      await setTimeout(200);
    }
    const pid = worker.pid!;
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    const peaks = await Promise.all(
      children
        .trim()
        .split(' ')
        .map((child) => peakMiB(Number(child))),
    );
    return { supervisor: (await peakMiB(pid))!, child: Math.max(...peaks.map((peak) => peak!)) };
  } finally {
    client.close();
    await end(worker);
  }
}

/** A few steps: from the second on, each holds what the one before has held. */
const training = {
  name: 'memory',
  dataset: { name: 'mnist', train: 512, validation: 128, test: 128 },
  models: {
    net: {
      ...smallestNet,
      architecture: 'papernot-mnist',
      batch_size: 128,
      optimizer: { name: 'adam' },
      learning_rate: { base: 0.001 },
      minimum_accuracy: 0,
    },
  },
  reuse: false,
};
