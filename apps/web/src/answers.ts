import type { JobStatus, Progress, SpecProblem } from '@retort/contracts';

/** What the dashboard reads of an experiment. */
export interface Experiment {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly status: string;
  readonly retry_of: string | null;
  readonly created_at: string;
  readonly finished_at: string | null;
  readonly jobs: {
    readonly total: number;
    readonly open: number;
    readonly reused: number;
    readonly by_status: Readonly<Record<JobStatus, number>>;
  };
}

/** What the dashboard reads of a job. */
export interface Job {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly seed: number;
  readonly labels: { readonly grid: Readonly<Record<string, unknown>> };
  readonly status: JobStatus;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly waiting_for: { readonly detail: string } | null;
  readonly progress: Progress;
  readonly reused_from: string | null;
}

/** What the dashboard reads of a worker. */
export interface Worker {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly status: string;
  readonly version: string;
  readonly engine: { readonly name: string; readonly device: string; readonly threads: number } | null;
  readonly concurrency: number;
  readonly heartbeat_at: string;
}

export interface Queue {
  readonly jobs: Readonly<Record<string, number>>;
  readonly waiting: readonly {
    readonly api_key_id: string | null;
    readonly kind: string;
    readonly engine: string | null;
    readonly priority: number;
    readonly tasks: number;
    readonly oldest_seconds: number;
  }[];
  readonly slots: readonly {
    readonly engine: string;
    readonly slots: number;
    readonly running: number;
    readonly sent: number;
  }[];
  readonly limits: readonly { readonly kind: string; readonly allowed: number; readonly running: number }[];
  readonly unsent: number;
  readonly deliveries: Readonly<Record<string, number>> | 'unavailable';
}

/** Who asks, and whether they need an API key for it. */
export interface Session {
  readonly open: boolean;
  readonly name: string;
}

export interface Page<Item> {
  readonly data: readonly Item[];
  readonly next: string | null;
}

/** An error of the API, after RFC 9457. */
export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly problems?: readonly SpecProblem[];
}
