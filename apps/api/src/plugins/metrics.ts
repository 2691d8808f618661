import { readLoad } from '@retort/jobs';
import fp from 'fastify-plugin';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Type } from 'typebox';
import { refusals } from '../schemas/answer.js';
import { within } from '../within.js';

/** Milliseconds that Postgres has to tell of the load; a scrape without it still tells of this process. */
const PATIENCE_MS = 5000;

/** `GET /metrics` in Prometheus's text format: this process, its requests, and the load of the whole service. */
export const metrics = fp((app, _options, done) => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'retort_http_request_duration_seconds',
    help: 'Seconds from a request to the end of its answer, by route; streams of events are left out.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const gauge = <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge<Label>({ name: `retort_${name}`, help, labelNames, registers: [registry] });
  const up = gauge('postgres_up', 'Whether Postgres told of the load; without it the gauges of the load are absent.');
  const jobs = gauge('open_jobs', 'Jobs that have not ended.', ['kind', 'status']);
  const unsent = gauge('unsent_deliveries', 'Deliveries that wait in Postgres for Redis.');
  const oldest = gauge('oldest_queued_job_seconds', 'For how long the oldest queued job has waited.');
  const workers = gauge('workers', 'Workers that are heard of.', ['status', 'engine']);
  const slots = gauge('worker_slots', 'Tasks that these workers can run at once.', ['status', 'engine']);

  new Counter({
    name: 'retort_retention_removed_total',
    help: 'Rows, artifacts and bytes that retention has removed in this process, by what they were.',
    labelNames: ['what'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [what, count] of Object.entries(app.services.retention?.totals() ?? {})) this.inc({ what }, count);
    },
  });

  app.addHook('onResponse', (request, reply, next) => {
    const { url: route = 'none' } = request.routeOptions;
    const streamed = String(reply.getHeader('content-type')).startsWith('text/event-stream');
    const labels = { method: request.method, route, status: String(reply.statusCode) };
    if (!streamed) requests.observe(labels, reply.elapsedTime / 1000);
    next();
  });

  async function readGauges(): Promise<void> {
    const { db, clock } = app.services;
    // What cannot be read now is absent, and not as it was at the last scrape.
    for (const each of [jobs, workers, slots]) each.reset();
    for (const each of [unsent, oldest]) each.remove();
    const load = await within(PATIENCE_MS, readLoad({ db, now: clock.now() }));
    for (const { kind, status, count } of load.openJobs) jobs.set({ kind, status }, count);
    unsent.set(load.unsentDeliveries);
    oldest.set(load.oldestQueuedSeconds);
    for (const { status, engine, count, slots: number } of load.workers) {
      workers.set({ status, engine }, count);
      slots.set({ status, engine }, number);
    }
  }

  app.get(
    '/metrics',
    {
      config: { rateLimit: false },
      schema: {
        operationId: 'getMetrics',
        tags: ['operation'],
        summary: 'Metrics for Prometheus',
        description:
          'Of this process and its requests, and of the whole service: open jobs, unsent deliveries, workers and their slots, by which workers can be scaled.',
        response: {
          200: {
            description: "Prometheus's text format.",
            content: { [registry.contentType]: { schema: Type.String() } },
          },
          ...refusals(),
        },
      },
    },
    async (request, reply) => {
      await readGauges().then(
        () => up.set(1),
        (error: unknown) => {
          request.log.warn({ err: error }, 'Postgres does not tell of the load');
          up.set(0);
        },
      );
      return reply.type(registry.contentType).send(await registry.metrics());
    },
  );
  done();
});
