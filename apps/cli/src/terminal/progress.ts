import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import type { RetortEvent } from '@retort/contracts';

/** Shows the events of an experiment as they come. */
export interface ProgressView {
  show(event: RetortEvent, jobName: string): void;
  /** Says something that is no event. */
  readonly note: (text: string) => void;
  close(): void;
}

/** Bars where there is a terminal, plain lines where there is none. */
export function progressView(output: NodeJS.WriteStream): ProgressView {
  return output.isTTY ? bars(output) : lines(output);
}

function bars(output: NodeJS.WriteStream): ProgressView {
  const multi = new MultiBar(
    {
      format: ' {bar} {percent} % | {name} | {state}',
      barsize: 24,
      hideCursor: true,
      clearOnComplete: false,
      autopadding: true,
      stream: output,
    },
    Presets.shades_classic,
  );
  const known = new Map<string, SingleBar>();
  return {
    show(event, name) {
      const id = event.job_id;
      const read = reading(event);
      if (!id || !read) return;
      // A job gets its bar when it starts: a hundred blocked ones would only push each other off the screen.
      if (!known.has(id) && event.type === 'job.queued') return;
      const bar = known.get(id) ?? multi.create(100, 0, { name, state: '' });
      known.set(id, bar);
      const { fraction, state } = read;
      bar.update(fraction === undefined ? bar.getProgress() * 100 : Math.round(fraction * 100), { name, state });
    },
    note: (text) => multi.log(`  ${text}\n`),
    close: () => multi.stop(),
  };
}

function lines(output: NodeJS.WriteStream): ProgressView {
  const lastTold = new Map<string, number>();
  return {
    show(event, name) {
      const read = reading(event);
      if (!event.job_id || !read) return;
      const { fraction, state } = read;
      if (event.type === 'job.progress') {
        // One line for each quarter, not for each batch.
        const quarter = Math.floor((fraction ?? 0) * 4);
        if (lastTold.get(event.job_id) === quarter) return;
        lastTold.set(event.job_id, quarter);
      }
      if (event.type === 'job.queued' || event.type === 'job.epoch') return;
      const percent = fraction === undefined ? '' : ` ${Math.round(fraction * 100)} %`;
      output.write(`  ${name}:${percent} ${state}\n`);
    },
    note: (text) => void output.write(`  ${text}\n`),
    close: () => undefined,
  };
}

/** What an event says of its job's standing; undefined where it says nothing of it. */
function reading({ type, data }: RetortEvent): { fraction?: number; state: string } | undefined {
  const text = (field: string) => (typeof data[field] === 'string' ? data[field] : '');
  const detail = text('detail') && `: ${text('detail')}`;
  switch (type) {
    case 'job.started':
      if (data.resumed === true) return { state: `goes on (${text('engine')})` };
      return { fraction: 0, state: `started (${text('engine')})` };
    case 'job.progress':
      return { fraction: Number(data.fraction), state: text('message') };
    case 'job.epoch':
      return { state: `epoch ${String(data.epoch)}` };
    case 'job.succeeded':
      return { fraction: 1, state: 'succeeded' };
    case 'job.failed':
      return { state: `FAILED (${text('reason')})${detail}` };
    case 'job.cancelled':
      return { state: `cancelled${detail}` };
    case 'job.retrying':
    case 'task.retrying':
      return { state: `trying again (${text('reason')})` };
    case 'job.cancelling':
      return { state: 'cancelling' };
    case 'job.pausing':
      return { state: 'pausing' };
    case 'job.paused':
      return { state: 'paused' };
    case 'job.following':
      return { state: `waits for ${text('leader')}, which computes the same` };
    case 'job.queued':
    case 'job.resumed':
      return { state: 'queued' };
    case 'job.checkpointed':
    case 'task.started':
    case 'task.succeeded':
    case 'experiment.created':
    case 'experiment.finished':
      return undefined;
  }
}
