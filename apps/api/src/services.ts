import type { DeliveryQueue, Dispatcher, KindLimits, Retention } from '@retort/jobs';
import type { ArtifactStore, Clock, Database } from '@retort/store';
import type { AddressPolicy, Sender } from '@retort/webhooks';
import type { Logger } from 'pino';

/** What the API works with; all of it is made and closed by whoever makes the app. */
export interface Services {
  readonly db: Database;
  readonly queue: DeliveryQueue;
  readonly artifacts: ArtifactStore;
  /** Told after whatever queues jobs or frees a limit, so that deliveries leave at once. */
  readonly dispatcher: Pick<Dispatcher, 'wake'>;
  /** Told of messages that are due now, and where they may go. */
  readonly webhooks: Pick<Sender, 'wake'> & { readonly addresses: AddressPolicy };
  /** How many tasks of each kind may run at once, over all workers. */
  readonly kindLimits: KindLimits;
  readonly log: Logger;
  readonly version: string;
  readonly clock: Clock;
  /** What retention has removed, where it runs in this process. */
  readonly retention?: Pick<Retention, 'totals'>;
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly services: Services;
  }
}
