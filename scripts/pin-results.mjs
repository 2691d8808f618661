// Computes a small experiment on the wasm engine and compares the hashes of its results with those that are checked in
// for this SCIENCE_REVISION. Without --check it writes them, unless they differ and the revision is the same.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCIENCE_REVISION, smallestNet } from '@retort/contracts';
import { startEngine } from '@retort/engine';
import { planExperiment } from '@retort/jobs';
import { configure } from 'safe-stable-stringify';
import { Checkpoints } from '../apps/worker/dist/child/checkpoints.js';
import { Datasets } from '../apps/worker/dist/child/datasets.js';
import { runJob } from '../apps/worker/dist/child/run-job.js';

const PINNED = new URL('../test/pinned-results.json', import.meta.url);

const net = {
  ...smallestNet,
  batch_size: 64,
  optimizer: { name: 'nesterov', momentum: 0.9 },
  learning_rate: { base: 0.1, rule: 'sqrt-temperature' },
  minimum_accuracy: 0,
};
const attack = (name, models, parameters = {}) => ({
  attack: name,
  models,
  parameters,
  examples: { count: 8, choose: 'any' },
});
/** What of each kind of work is in it: the ways to train, the kinds of layers, the families of attacks, the measurements. */
const spec = {
  name: 'pinned',
  dataset: { name: 'mnist', train: 512, validation: 64, test: 128 },
  seeds: [7],
  models: {
    plain: { ...net, epochs: 2, dropout: 0.25, weight_decay: 0.001 },
    hot: { ...net, temperature: 20, initialisation: { name: 'he-normal', output_scale: 'temperature' } },
    distilled: { ...net, kind: 'distill', teacher: 'hot', temperature: 20 },
    hardened: {
      ...net,
      optimizer: { name: 'adam' },
      learning_rate: { base: 0.001, schedule: { name: 'cosine' } },
      defence: { name: 'pgd', norm: 'linf', epsilon: 0.1, steps: 2, ramp_epochs: 1 },
    },
    pooled: { ...net, architecture: 'lenet', optimizer: { name: 'adam' }, learning_rate: { base: 0.002 } },
    residual: {
      ...net,
      architecture: 'resnet-8',
      batch_size: 16,
      optimizer: { name: 'adam' },
      learning_rate: { base: 0.003 },
    },
    sharpened: { kind: 'deploy', model: 'plain', deployment_temperature: 0.05 },
  },
  attacks: {
    fgsm: attack('fgsm', ['plain', 'hot', 'distilled', 'hardened', 'pooled', 'sharpened']),
    pgd: attack('pgd', ['plain', 'pooled', 'residual'], { steps: 5, restarts: 2 }),
    apgd: attack('apgd', ['plain'], { steps: 5 }),
    'cw-l2': attack('cw-l2', ['plain'], { binary_search_steps: 2, steps: 10 }),
    deepfool: attack('deepfool', ['plain'], { steps: 5 }),
    ddn: attack('ddn', ['plain'], { steps: 10 }),
    jsma: attack('jsma', ['plain'], {}),
    square: attack('square', ['plain'], { queries: 50 }),
    'mi-fgsm': attack('mi-fgsm', ['plain'], { steps: 5 }),
    'cw-l0': attack('cw-l0', ['plain'], { steps: 5 }),
    'cw-linf': attack('cw-linf', ['plain'], { steps: 5 }),
    ead: attack('ead', ['plain'], { binary_search_steps: 2, steps: 10 }),
    fab: attack('fab', ['plain'], { steps: 5, restarts: 1 }),
    fmn: attack('fmn', ['plain'], { steps: 10 }),
    'apgd-t': attack('apgd-t', ['plain'], { steps: 5, targets: 3 }),
    'song-saliency': attack('song-saliency', ['plain']),
    'hop-skip-jump': attack('hop-skip-jump', ['plain'], { queries: 300 }),
    'salt-and-pepper': attack('salt-and-pepper', ['plain']),
  },
  metrics: {
    input_gradient: { models: ['plain', 'hot'], examples: { count: 16, choose: 'any' } },
    logits: { models: ['hot'], examples: { count: 16, choose: 'any' } },
    loss_sensitivity: { models: ['plain'], examples: { count: 16, choose: 'any' } },
    clever: { models: ['plain'], batches: 10, samples: 16, examples: { count: 2, choose: 'any' } },
  },
  evaluations: {
    'at-0.1': {
      models: ['plain'],
      norm: 'linf',
      epsilon: 0.1,
      effort: 'quick',
      examples: { count: 8, choose: 'any' },
    },
  },
};

const canonical = configure({ deterministic: true, strict: true });
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** The hash of each artifact of each job, and of each result without what only tells how it was made. */
async function computeHashes() {
  const planning = planExperiment(spec);
  if (!planning.ok) throw new Error(JSON.stringify(planning.problems));
  const { jobs } = planning.plan;
  const engine = (await startEngine({ force: 'wasm' })).description;
  const datasets = new Datasets({});
  const scratch = await mkdtemp(join(tmpdir(), 'retort-pin-'));
  const tell = () => undefined;
  try {
    const done = [];
    const hashes = {};
    for (const [at, { name, spec: job, parents }] of jobs.entries()) {
      const folder = join(scratch, String(at));
      await mkdir(folder);
      const inputs = Object.entries(parents).map(([role, parent]) => ({ role, ...done[parent] }));
      const checkpoints = new Checkpoints({ folder, seconds: Infinity, tell });
      const memory = 2 ** 30;
      const common = { share: { role: 'whole' }, uploads: {}, folder, checkpoints, memory, datasets, engine, tell };
      const { result, files } = await runJob({ ...common, job, inputs, signal: checkpoints.stopping });
      const paths = Object.fromEntries(files.map((file) => [file.name, file.path]));
      done.push({ name, kind: job.kind, result, files: paths });
      hashes[`${name}: result`] = sha256(canonical({ ...result, provenance: null }));
      for (const [file, path] of Object.entries(paths)) hashes[`${name}: ${file}`] = sha256(await readFile(path));
    }
    return hashes;
  } finally {
    await rm(scratch, { recursive: true });
  }
}

const hashes = await computeHashes();
const pinned = JSON.parse(await readFile(PINNED, 'utf8').catch(() => '{ "hashes": {} }'));
const isNew = pinned.science_revision !== SCIENCE_REVISION;
const changed = Object.keys(pinned.hashes).filter((what) => hashes[what] !== pinned.hashes[what]);
const unpinned = Object.keys(hashes).filter((what) => !(what in pinned.hashes));

if (!isNew && changed.length > 0) {
  console.error(
    `science revision ${SCIENCE_REVISION} computes something else than it did: ${changed.join(', ')}. ` +
      'Old results would be reused for new ones: raise SCIENCE_REVISION in packages/contracts/src/science.ts, then npm run pin.',
  );
  process.exitCode = 1;
} else if (!process.argv.includes('--check')) {
  await writeFile(PINNED, `${JSON.stringify({ science_revision: SCIENCE_REVISION, hashes }, null, 2)}\n`);
} else if (isNew || unpinned.length > 0) {
  console.error(
    `the results of science revision ${SCIENCE_REVISION} are not pinned: npm run pin, and commit what it changes`,
  );
  process.exitCode = 1;
}
