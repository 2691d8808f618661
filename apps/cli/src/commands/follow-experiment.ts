import { watchExperiment, type RetortClient } from '@retort/client';
import { progressView } from '../terminal/progress.js';
import { tellWaits } from './tell-waits.js';

/** Shows what happens until the experiment has finished; a cut connection is taken up again where it broke. */
export async function followExperiment(client: RetortClient, id: string): Promise<void> {
  const view = progressView(process.stdout);
  const names = new Map<string, string>();
  const done = new AbortController();
  const waits = tellWaits(client, id, { tell: view.note, signal: done.signal });
  try {
    for await (const event of watchExperiment(client, id)) {
      if (event.job_id && typeof event.data.name === 'string') names.set(event.job_id, event.data.name);
      view.show(event, names.get(event.job_id ?? '') ?? '');
    }
  } finally {
    done.abort();
    await waits;
    view.close();
  }
}
