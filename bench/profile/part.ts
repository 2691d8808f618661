import { join } from 'node:path';
import { startEngine } from '@retort/engine';
import { markdownTable } from '../measuring/markdown.js';
import { NodeProcess } from '../measuring/node-process.js';
import { short } from '../measuring/spread.js';
import { firstOf, subjects, type Subject } from '../parity/nets.js';
import type { Conditions, Findings, Part } from '../part.js';
import type { Profile, Work } from './child.js';

/** Kernels with less of the time than this are summed. */
const SMALL = 0.02;

export const profile: Part = {
  name: 'profile',
  about: 'where the time of a training step and of a C&W step goes, kernel by kernel and by the code that runs',
  usual: true,
  run: profileSteps,
};

async function profileSteps({ quick, net, folder, say }: Conditions): Promise<Findings> {
  const engine = process.env.RETORT_ENGINE || 'wasm';
  await startEngine({ force: engine });
  const [subject] = (await subjects(net, ['standard'], 128, join(folder, 'parity'))) as [Subject];
  const { weights, images, labels } = firstOf(subject, 128);
  const child = new NodeProcess<Work, Profile>('profile/child.js', [engine]);
  try {
    const [steps, constantSteps] = quick ? [3, 30] : [10, 100];
    const train = await child.ask({ kind: 'train', steps });
    say('training: profiled');
    const attack = await child.ask({ kind: 'cw-l2', steps: constantSteps, weights, images, labels });
    say('C&W: profiled');
    const markdown = [
      text(`${steps} steps of training net A`, train),
      text(`C&W in L2 on ${net}, one constant, ${constantSteps} steps at most`, attack),
    ].join('\n\n');
    return { markdown, results: { engine, net, train, attack } };
  } finally {
    await child.close();
  }
}

function text(title: string, { images, milliseconds, kernels, places }: Profile): string {
  const large = kernels.filter((kernel) => kernel.milliseconds >= SMALL * milliseconds);
  const inKernels = kernels.reduce((sum, kernel) => sum + kernel.milliseconds, 0);
  const rows = large.map((kernel) => [kernel.name, `${kernel.calls}`, ...time(kernel.milliseconds)]);
  const inLarge = large.reduce((sum, kernel) => sum + kernel.milliseconds, 0);
  rows.push(['other kernels', '', ...time(inKernels - inLarge)]);
  rows.push(['outside kernels', '', ...time(milliseconds - inKernels)]);
  const shares = places.map(([place, share]) => `${place} ${percent(share)}`).join(', ');
  return [
    `### ${title}, ${images} images`,
    `${short(milliseconds)} ms. By V8's samples: ${shares}.`,
    markdownTable(['kernel', 'calls', 'ms', 'share'], rows),
  ].join('\n\n');

  function time(spent: number): [string, string] {
    return [short(spent), percent(spent / milliseconds)];
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
