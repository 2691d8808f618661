import { quantile } from '@retort/statistics';
import { markdownTable } from '../measuring/markdown.js';
import { ratioOf, short, spreadOf, written } from '../measuring/spread.js';
import type { Conditions, Findings, Part } from '../part.js';
import { measureDeliveries } from './deliveries.js';
import { measureGrowth, type Grown } from './growth.js';
import { measureWorkerMemory, peakMiB } from './memory.js';
import { measureProcessing, type Processing } from './processing.js';
import { startService } from './service.js';
import { GRID_JOBS, measureGrid, measureSubmissions, type Submissions } from './submissions.js';

export const queue: Part = {
  name: 'queue',
  about:
    'submissions, deliveries and tasks of nothing a second, beside raw Postgres and raw BullMQ, and the memory of the API and of a worker',
  usual: true,
  run: measureQueue,
};

export const growth: Part = {
  name: 'growth',
  about: 'what a job costs where a thousand and a hundred thousand are stored',
  usual: true,
  run: growthOf,
};

/** Numbers of worker processes. */
const WORKERS = [1, 4, 16];
/** Numbers of requests that are always under way: one, as many as fill a small machine, and far more than that. */
const IN_FLIGHT = [1, 16, 100];

async function measureQueue({ quick, say }: Conditions): Promise<Findings> {
  const rounds = quick ? 3 : 7;
  const service = await startService();
  try {
    // Before anything waits that the worker would do first.
    const workerMiB = await measureWorkerMemory(service);
    say('memory of a worker measured');
    const deliveries = await measureDeliveries(service, quick ? 50 : 300);
    say('deliveries measured');
    const processing: Processing[] = [];
    for (const workers of WORKERS) {
      processing.push(...(await measureProcessing(service, { workers, tasks: quick ? 200 : 1000, rounds })));
      say(`${workers} workers measured`);
    }
    const submissions: Submissions[] = [];
    for (const inFlight of IN_FLIGHT) {
      submissions.push(...(await measureSubmissions(service, { inFlight, rounds, seconds: quick ? 2 : 5 })));
      say(`submissions with ${inFlight} in flight measured`);
    }
    const grid = await measureGrid(service, quick ? 1 : 3);
    const apiMiB = await peakMiB(service.apiPid);
    return {
      markdown: [
        `Redis: ${service.redis}.`,
        submissionsTable(submissions),
        `One grid of ${GRID_JOBS} jobs: ${written(spreadOf(grid))} s from the POST to its answer.`,
        deliveriesText(deliveries),
        processingTable(processing),
        apiMiB === undefined || workerMiB === undefined
          ? ''
          : `Memory at its peak: the API ${short(apiMiB)} MiB; a worker's supervisor ${short(workerMiB.supervisor)} MiB and its wasm child ${short(workerMiB.child)} MiB, which trained \`papernot-mnist\` at batch 128.`,
      ].join('\n\n'),
      results: { redis: service.redis, submissions, grid, deliveries, processing, apiMiB, workerMiB },
    };
  } finally {
    await service.stop();
  }
}

async function growthOf({ quick, say }: Conditions): Promise<Findings> {
  const grown = await measureGrowth([1000, 100_000], { rounds: quick ? 3 : 7, say });
  return { markdown: growthTable(grown), results: grown };
}

function submissionsTable(submissions: readonly Submissions[]): string {
  const rows = submissions.map(({ inFlight, what, rounds }) => {
    const of = (field: 'perSecond' | 'p50' | 'p99') => rounds.map((round) => round[field]);
    const commits = submissions.find((other) => other.inFlight === inFlight && other.what === 'raw Postgres commit')!;
    return [
      String(inFlight),
      what,
      short(spreadOf(of('perSecond')).median),
      written(
        ratioOf(
          of('perSecond'),
          commits.rounds.map(({ perSecond }) => perSecond),
        ),
      ),
      short(spreadOf(of('p50')).median),
      short(spreadOf(of('p99')).median),
    ];
  });
  const head = ['in flight', '', 'a second', 'of raw Postgres commits', 'p50, ms', 'p99, ms'];
  return `### Submissions of one job\n\n${markdownTable(head, rows)}`;
}

function deliveriesText(milliseconds: readonly number[]): string {
  const sorted = Float64Array.from(milliseconds).sort();
  const [p50, p99] = [0.5, 0.99].map((share) => short(quantile(sorted, share)));
  return `### Deliveries\n\nFrom the commit of a submission to the commit of the claim by an idle worker: p50 ${p50} ms, p99 ${p99} ms (${sorted.length} submissions).`;
}

function processingTable(processing: readonly Processing[]): string {
  const rows = WORKERS.map((workers) => {
    const of = (what: Processing['what']) =>
      processing.find((other) => other.workers === workers && other.what === what)!.tasksPerSecond;
    const [retort, raw] = [of('Retort'), of('raw BullMQ')];
    return [
      String(workers),
      short(spreadOf(retort).median),
      short(spreadOf(raw).median),
      written(ratioOf(retort, raw)),
    ];
  });
  const head = ['worker processes', 'Retort', 'raw BullMQ', 'of raw BullMQ'];
  return `### Tasks of nothing, a second\n\n${markdownTable(head, rows)}`;
}

function growthTable([few, many]: readonly Grown[]): string {
  const rows = Object.keys(few!.milliseconds).map((what) => [
    what,
    short(spreadOf(few!.milliseconds[what]!).median),
    short(spreadOf(many!.milliseconds[what]!).median),
    written(ratioOf(many!.milliseconds[what]!, few!.milliseconds[what]!)),
  ]);
  const head = ['milliseconds to', `beside ${few!.stored}`, `beside ${many!.stored}`, 'ratio'];
  return `### Stored jobs\n\n${markdownTable(head, rows)}`;
}
