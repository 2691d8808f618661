import { fastifySSE } from '@fastify/sse';
import type { RetortEvent } from '@retort/contracts';
import { followEvents, hasEnded, readEvents, type EventSource } from '@retort/jobs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';

/** Lets routes stream events, and ends the streams when the server closes. */
export const eventStream = fp<{ heartbeatMs: number; pollMs: number }>(async (app, { heartbeatMs, pollMs }) => {
  await app.register(fastifySSE, { heartbeatInterval: heartbeatMs });
  const closing = new AbortController();
  app.addHook('preClose', () => closing.abort());

  app.decorateReply('streamEvents', async function (this: FastifyReply, source: EventSource, after: number) {
    const { db } = this.server.services;
    const ended = await hasEnded(db, source);
    if (ended && (await readEvents(db, source, { after, limit: 1 })).length === 0) {
      // The status by which an EventSource learns not to connect again.
      await this.code(204).send();
      return;
    }
    const gone = new AbortController();
    this.sse.onClose(() => gone.abort());
    // At once, so that the client knows that it is connected before anything happens.
    this.sse.sendHeaders();
    const signal = AbortSignal.any([gone.signal, closing.signal]);
    for await (const event of followEvents(db, source, { after, signal, pollMs })) {
      if (!this.sse.isConnected) return;
      await this.sse.send({ id: String(event.id), event: event.type, data: event });
    }
  });
});

/** The number after which a stream goes on: `Last-Event-ID` of a client that comes back, or else `after`. */
export function resumeFrom(request: FastifyRequest, after: number): number {
  const last = request.headers['last-event-id'];
  return last === undefined ? after : Number(last);
}

/** A page of events that were read with one more than its limit. */
export function eventPage(events: RetortEvent[], limit: number) {
  const data = events.slice(0, limit);
  const hasMore = events.length > limit;
  return { data, has_more: hasMore, next: hasMore ? data.at(-1)!.id : null };
}

declare module 'fastify' {
  interface FastifyReply {
    /** Streams the events after a number and then those that happen, until the last one. */
    streamEvents(source: EventSource, after: number): Promise<void>;
  }
}
