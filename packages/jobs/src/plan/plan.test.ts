import { describe, expect, it } from 'vitest';
import { net } from '../testing/fixtures.js';
import { planExperiment, planInTurns } from './plan.js';

function spec(changes: Record<string, unknown> = {}) {
  return {
    name: 'test',
    dataset: { name: 'mnist', train: 100, validation: 50, test: 100 },
    models: { plain: net },
    ...changes,
  };
}

function plan(body: unknown) {
  const planning = planExperiment(body);
  if (!planning.ok) throw new Error(JSON.stringify(planning.problems));
  return planning.plan;
}

function problems(body: unknown) {
  const planning = planExperiment(body);
  return planning.ok ? [] : planning.problems;
}

describe('what is wrong with a spec', () => {
  it.each([
    ['an unknown field', spec({ modells: {} }), '/modells', /"modells" is not a field/, /did you mean "models"/],
    [
      'an unknown field of a net',
      spec({ models: { plain: { ...net, temperatur: 20 } } }),
      '/models/plain/temperatur',
      /not a field/,
      /./,
    ],
    [
      'a temperature of 0',
      spec({ models: { plain: { ...net, temperature: 0 } } }),
      '/models/plain/temperature',
      /is 0/,
      /number above 0 and at most 10000/,
    ],
    [
      'a temperature in words',
      spec({ models: { plain: { ...net, temperature: '20' } } }),
      '/models/plain/temperature',
      /is "20"/,
      /number above 0/,
    ],
    [
      'a surrogate that is not there',
      spec({ evaluations: { claim: { epsilon: 0.1, surrogates: ['plian'], examples: { count: 10 } } } }),
      '/evaluations/claim/surrogates/0',
      /there is no model "plian"/,
      /did you mean "plain"/,
    ],
    [
      'an evaluation without a radius',
      spec({ evaluations: { claim: { examples: { count: 10 } } } }),
      '/evaluations/claim/epsilon',
      /missing/,
      /./,
    ],
    [
      'an unknown dataset',
      spec({ dataset: { name: 'mnits', train: 1 } }),
      '/dataset/name',
      /"mnits" is not known/,
      /did you mean "mnist"/,
    ],
    [
      'more images than there are',
      spec({ dataset: { name: 'mnist', train: 60000 } }),
      '/dataset/train',
      /more than there are/,
      /at most 59000/,
    ],
    [
      'an attack on a net that is not there',
      spec({ attacks: { a: { attack: 'fgsm', models: ['plian'], examples: { count: 5 } } } }),
      '/attacks/a/models/0',
      /no model "plian"/,
      /did you mean "plain"/,
    ],
    [
      'an unknown attack',
      spec({ attacks: { a: { attack: 'fgms', examples: { count: 5 } } } }),
      '/attacks/a/attack',
      /"fgms" is not known/,
      /did you mean "fgsm"/,
    ],
    [
      "another attack's parameter",
      spec({ attacks: { a: { attack: 'fgsm', parameters: { steps: 4 }, examples: { count: 5 } } } }),
      '/attacks/a/parameters/steps',
      /"steps" is not a field/,
      /known here: epsilon/,
    ],
    [
      'a source that is not there',
      spec({ attacks: { a: { attack: 'fgsm', source: 'plian', examples: { count: 5 } } } }),
      '/attacks/a/source',
      /no model "plian"/,
      /did you mean "plain"/,
    ],
    [
      'images tried on the net that they are made on',
      spec({
        models: { plain: net, other: net },
        attacks: { a: { attack: 'fgsm', source: 'plain', models: ['other', 'plain'], examples: { count: 5 } } },
      }),
      '/attacks/a/models/1',
      /"plain" is the source/,
      /remove it here, or the source/,
    ],
    [
      'a source and nothing to try its images on',
      spec({ attacks: { a: { attack: 'fgsm', source: 'plain', examples: { count: 5 } } } }),
      '/attacks/a/source',
      /the only model/,
      /add a net/,
    ],
    [
      "a preset's parameter out of range",
      spec({ attacks: { a: { attack: 'pgd-madry', parameters: { epsilon: -1 }, examples: { count: 5 } } } }),
      '/attacks/a/parameters/epsilon',
      /is -1/,
      /at least 0/,
    ],
    [
      'an ensemble of ensembles',
      spec({
        attacks: {
          a: {
            attack: 'worst-case',
            parameters: { attacks: [{ attack: 'fgsm' }, { attack: 'autoattack' }] },
            examples: { count: 5 },
          },
        },
      }),
      '/attacks/a/parameters/attacks/1/attack',
      /"autoattack" is not known/,
      /known here: fgsm/,
    ],
    [
      'more examples than test images',
      spec({ attacks: { a: { attack: 'fgsm', examples: { count: 101 } } } }),
      '/attacks/a/examples/count',
      /101 examples/,
      /at most 100/,
    ],
    [
      'a teacher that is not there',
      spec({ models: { plain: net, student: { ...net, kind: 'distill', teacher: 'plane' } } }),
      '/models/student/teacher',
      /no model "plane"/,
      /did you mean "plain"/,
    ],
    ['no models', spec({ models: {} }), '/models', /is empty/, /at least 1/],
    ['a missing field', { ...spec(), name: undefined }, '/name', /"name" is missing/, /add it/],
    ['no object', 'experiment', '', /is "experiment"/, /use an object/],
    ['the same seed twice', spec({ seeds: [1, 1] }), '/seeds/1', /stands twice/, /remove/],
    [
      'a bad value in a grid',
      spec({ grid: { T: { values: [1, -5], at: ['/models/plain/temperature'] } } }),
      '/grid/T/values/1',
      /is -5/,
      /above 0/,
    ],
    [
      'a grid that points nowhere',
      spec({ grid: { T: { values: [1], at: ['/models/plane/temperature'] } } }),
      '/grid/T/at/0',
      /leads to nothing/,
      /./,
    ],
    [
      'a grid without end',
      spec({
        grid: Object.fromEntries(
          ['a', 'b', 'c', 'd', 'e'].map((axis) => [
            axis,
            { values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], at: ['/dataset/split_seed'] },
          ]),
        ),
      }),
      '/grid',
      /100000 combinations/,
      /10000/,
    ],
  ])('%s: place, problem and remedy', (_, body, pointer, message, remedy) => {
    const found = problems(body);
    expect(found).toHaveLength(1);
    expect(found[0]!.pointer).toBe(pointer);
    expect(found[0]!.message).toMatch(message);
    expect(found[0]!.remedy).toMatch(remedy);
  });

  it.each([
    [
      'a teacher without dropout',
      { ...net, kind: 'distill', teacher: 'plain', targets: 'extended' },
      '/models/student/teacher',
      '"plain" is trained without dropout, by which extended distillation measures its doubt',
      'name a net of kind "train" or "distill" whose "dropout" is above 0, such as 0.5',
    ],
    [
      'a teacher that rejects',
      { ...net, kind: 'distill', teacher: 'extended' },
      '/models/student/teacher',
      '"extended" has an outlier class, which no student can learn from it',
      'name a net without one, such as its own teacher',
    ],
    [
      'a field of another distillation',
      { ...net, kind: 'distill', teacher: 'unsure', alpha: 0.5 },
      '/models/student/alpha',
      '"alpha" belongs to extended distillation, but the targets are teacher-probabilities',
      'remove it, or let "targets" be "extended"',
    ],
  ])('a distillation with %s: place, problem and remedy', (_, student, pointer, message, remedy) => {
    const unsure = { ...net, dropout: 0.5 };
    const extended = { ...net, kind: 'distill', teacher: 'unsure', targets: 'extended' };
    const body = (models: Record<string, unknown>) => spec({ models: { plain: net, unsure, extended, ...models } });
    expect(problems(body({}))).toEqual([]);
    expect(problems(body({ student }))).toEqual([{ pointer, message, remedy }]);
  });

  it('a circle of models is named whole, at each of its members', () => {
    const distill = (teacher: string) => ({ ...net, kind: 'distill', teacher });
    const found = problems(spec({ models: { a: distill('c'), b: distill('a'), c: distill('b'), d: distill('a') } }));
    expect(found.map(({ pointer }) => pointer)).toEqual([
      '/models/a/teacher',
      '/models/b/teacher',
      '/models/c/teacher',
    ]);
    expect(found[0]!.message).toContain('a ← c ← b ← a');
  });

  it('every problem is told at once', () => {
    const body = spec({ models: { plain: { ...net, temperature: 0, epochs: 0.5 } }, sedes: [1] });
    expect(problems(body).map(({ pointer }) => pointer)).toEqual([
      '/sedes',
      '/models/plain/temperature',
      '/models/plain/epochs',
    ]);
  });
});

// Each of these would keep the process that plans it busy for minutes, or take all of its memory.
describe('a spec of any size is answered at once', () => {
  const named = <T>(count: number, item: T) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`n${n}`, item]));
  const attack = { attack: 'fgsm', examples: { count: 1, choose: 'any' } };
  const manySeeds = (count: number) => Array.from({ length: count }, (_, seed) => seed);

  it.each([
    ['too many seeds', spec({ seeds: manySeeds(100_000) }), '/seeds', 'has 100000 items'],
    ['too many nets', spec({ models: named(1001, net) }), '/models', 'has 1001 names'],
    ['too many attacks', spec({ attacks: named(1001, attack) }), '/attacks', 'has 1001 names'],
    [
      'too many jobs',
      spec({ attacks: named(1000, attack), seeds: manySeeds(1000) }),
      '',
      'expands to more than 20000 jobs',
    ],
    [
      'too many inputs',
      spec({ models: named(201, net), attacks: named(5, { ...attack, examples: { count: 1 } }) }),
      '',
      'expands to jobs with more than 200000 inputs in all, since what is tried on common examples of n nets needs all n nets, n times',
    ],
    [
      'a large spec in a large grid',
      spec({
        metadata: named(200, 'x'.repeat(1000)),
        grid: { T: { values: manySeeds(1000).map((seed) => seed + 1), at: ['/models/plain/temperature'] } },
      }),
      '/grid',
      'expands to 1000 combinations of a spec of',
    ],
  ])('%s', (_what, body, pointer, message) => {
    const found = problems(body);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ pointer, message: expect.stringContaining(message) as string });
  });

  it('lists a few of many known names', () => {
    const models = { ...named(30, net), odd: { kind: 'deploy', model: 'zzzzzz', deployment_temperature: 1 } };
    expect(problems(spec({ models }))[0]!.remedy).toMatch(/n19, and 11 more/);
  });
});

describe('the DAG', () => {
  const models = {
    student: { ...net, kind: 'distill', teacher: 'plain', temperature: 20 },
    plain: net,
    loud: { kind: 'deploy', model: 'plain', deployment_temperature: 0.05 },
  };
  const attacks = { fgsm: { attack: 'fgsm', examples: { count: 10 } } };

  it('puts parents before children and names their roles', () => {
    const { jobs } = plan(spec({ models, attacks }));
    expect(jobs.map(({ name }) => name)).toEqual([
      'plain',
      'student',
      'loud',
      'fgsm on student',
      'fgsm on plain',
      'fgsm on loud',
    ]);
    expect(jobs[1]!.parents).toEqual({ teacher: 0 });
    expect(jobs[2]!.parents).toEqual({ model: 0 });
    for (const [position, { parents }] of jobs.entries()) {
      for (const parent of Object.values(parents)) expect(parent).toBeLessThan(position);
    }
  });

  it('plans a net with noise at its input as another one', () => {
    const noisy = { ...models.loud, input_noise: 0.2 };
    const { jobs } = plan(spec({ models: { ...models, noisy } }));
    expect(jobs[3]!.spec).toMatchObject({ kind: 'deploy', deployment_temperature: 0.05, input_noise: 0.2 });
    expect(jobs[2]!.spec).not.toHaveProperty('input_noise');
    expect(jobs[3]!.fingerprint).not.toBe(jobs[2]!.fingerprint);
  });

  it('lets an attack on common examples wait for every compared net, and another for its own net only', () => {
    const common = plan(spec({ models, attacks })).jobs[3]!;
    expect(common.parents.model).toBe(1);
    expect(new Set(Object.values(common.parents))).toEqual(new Set([0, 1, 2]));
    const own = { fgsm: { attack: 'fgsm', examples: { count: 10, choose: 'clean-correct' } } };
    expect(plan(spec({ models, attacks: own })).jobs[3]!.parents).toEqual({ model: 1 });
  });

  it('gives an evaluation its net, those it is compared with and its surrogates, each in a role of its own', () => {
    const evaluations = {
      claim: { epsilon: 0.1, models: ['plain', 'student'], surrogates: ['plain', 'loud'], examples: { count: 10 } },
    };
    const { jobs } = plan(spec({ models, evaluations }));
    const [ofPlain, ofStudent] = jobs.filter(({ spec: { kind } }) => kind === 'evaluate');
    expect([ofPlain!.name, ofStudent!.name]).toEqual(['claim of plain', 'claim of student']);
    // A net is never its own surrogate.
    expect(ofPlain!.parents).toEqual({ model: 0, 'compared:0': 1, 'surrogate:0': 2 });
    const { model, 'compared:0': compared, ...surrogates } = ofStudent!.parents;
    expect([model, compared]).toEqual([1, 0]);
    expect(new Set(Object.values(surrogates))).toEqual(new Set([0, 2]));
    expect(ofStudent!.spec).toMatchObject({ threat: { norm: 'linf', epsilon: 0.1, required_accuracy: 0.5 } });
    expect(ofStudent!.labels).toMatchObject({ model: 'student', evaluation: 'claim' });
  });

  it('evaluates along a grid of radii', () => {
    const evaluations = { claim: { epsilon: 0.1, models: ['plain'], examples: { count: 10 } } };
    const grid = { eps: { values: [0.1, 0.3], at: ['/evaluations/claim/epsilon'] } };
    const { jobs } = plan(spec({ evaluations, grid }));
    expect(jobs.map(({ name, labels }) => [name, labels.grid])).toEqual([
      ['plain', {}],
      ['claim of plain', { eps: 0.1 }],
      ['claim of plain', { eps: 0.3 }],
    ]);
  });

  it('lets a transfer wait for its source, on which it makes the images that it tries on the others', () => {
    const examples = { count: 10 };
    const direct = plan(spec({ models, attacks: { pgd: { attack: 'pgd', examples } } }));
    const { jobs } = plan(spec({ models, attacks: { pgd: { attack: 'pgd', source: 'plain', examples } } }));
    expect(jobs.slice(3).map(({ name, labels }) => [name, labels.model, labels.source])).toEqual([
      ['pgd from plain on student', 'student', 'plain'],
      ['pgd from plain on loud', 'loud', 'plain'],
    ]);
    const { parents, fingerprint } = jobs[3]!;
    expect(parents).toMatchObject({ model: 1, source: 0 });
    // Common examples are those that the source classifies correctly too.
    expect(new Set(Object.entries(parents).flatMap(([role, at]) => (role.startsWith('compared') ? [at] : [])))).toEqual(
      new Set([0, 2]),
    );
    expect(direct.jobs.map((job) => job.fingerprint)).not.toContain(fingerprint);

    const own = { pgd: { attack: 'pgd', source: 'plain', examples: { count: 10, choose: 'clean-correct' } } };
    expect(plan(spec({ models, attacks: own })).jobs[3]!.parents).toEqual({ model: 1, source: 0 });
  });

  it('resolves a preset, so that the same parameters written out have the same fingerprint', () => {
    const printOf = (attack: object) => {
      const { jobs } = plan(spec({ attacks: { a: { ...attack, examples: { count: 10 } } } }));
      return jobs[1]!.fingerprint;
    };
    const preset = printOf({ attack: 'cw-linf-paper', parameters: { steps: 7 } });
    expect(preset).toBe(printOf({ attack: 'cw-linf', parameters: { steps: 7, slack: 1e-6 } }));
    expect(preset).not.toBe(printOf({ attack: 'cw-linf', parameters: { steps: 7 } }));
    const worstCase = (member: object) =>
      printOf({ attack: 'worst-case', parameters: { attacks: [member, { attack: 'fgsm' }] } });
    expect(worstCase({ attack: 'apgd-dlr' })).toBe(worstCase({ attack: 'apgd', parameters: { loss: 'dlr' } }));
    const { jobs, spec: kept } = plan(spec({ attacks: { a: { attack: 'pgd-madry', examples: { count: 10 } } } }));
    expect(jobs[1]!.spec).toMatchObject({ kind: 'attack', attack: 'pgd', parameters: { steps: 40 } });
    expect(kept.attacks.a!.attack).toBe('pgd-madry');
  });

  it('fills in defaults, so that a spec with them spelled out has the same fingerprints', () => {
    const spelled = spec({
      models: { plain: { ...net, batch_size: 128, dropout: 0, learning_rate: { rule: 'constant', base: 0.1 } } },
    });
    expect(plan(spelled).jobs[0]!.fingerprint).toBe(plan(spec()).jobs[0]!.fingerprint);
  });

  it('changes the fingerprint of a job and of its descendants with anything that decides them', () => {
    const prints = (body: unknown) => plan(body).jobs.map(({ fingerprint }) => fingerprint);
    const before = prints(spec({ models }));
    const warmer = prints(spec({ models: { ...models, plain: { ...net, temperature: 2 } } }));
    expect(before.filter((print, index) => print === warmer[index])).toEqual([]);
    const renamed = prints(spec({ models: { other: net } }));
    expect(renamed[0]).toBe(before[0]);
    expect(prints(spec({ models, seeds: [1] }))[0]).not.toBe(before[0]);
  });

  it('repeats everything with each seed', () => {
    const { jobs } = plan(spec({ models, attacks, seeds: [3, 4] }));
    expect(jobs).toHaveLength(12);
    expect(jobs.filter(({ labels }) => labels.seed === 4)).toHaveLength(6);
  });

  it('expands a grid to every combination, ties fields by one axis, and does shared work once', () => {
    const { jobs } = plan(
      spec({
        models: { plain: net, hot: net, student: models.student },
        attacks: { fgsm: { ...attacks.fgsm, parameters: { epsilon: 0 }, models: ['hot'] } },
        grid: {
          T: { values: [5, 20], at: ['/models/hot/temperature', '/models/student/temperature'] },
          eps: { values: [0.1, 0.2, 0.3], at: ['/attacks/fgsm/parameters/epsilon'] },
        },
      }),
    );
    const named = (name: string) => jobs.filter((job) => job.name === name);
    expect(named('plain')).toHaveLength(1);
    expect(named('hot').map(({ labels }) => labels.grid)).toEqual([{ T: 5 }, { T: 20 }]);
    expect(named('student')).toHaveLength(2);
    expect(named('fgsm on hot')).toHaveLength(6);
    expect(named('fgsm on hot')[0]!.labels.grid).toEqual({ T: 5, eps: 0.1 });
  });

  it('keeps two equal nets of different names apart', () => {
    expect(plan(spec({ models: { one: net, two: net } })).jobs).toHaveLength(2);
  });

  it('hands the files of a dataset of your own to every job, and hashes them', () => {
    const split = { train: 100, validation: 50, test: 100 };
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(64));
    const npz = plan(spec({ dataset: { name: 'mine', upload: { format: 'npz', file: a }, ...split } }));
    expect(npz.jobs[0]!.spec).toMatchObject({ uploads: { dataset: a }, dataset_sha256: a });
    const files = { train_images: a, train_labels: b, test_images: c, test_labels: d };
    const idx = plan(spec({ dataset: { name: 'mine', upload: { format: 'idx', files }, ...split } }));
    expect(idx.jobs[0]!.spec.uploads).toEqual({
      'dataset:train_images': a,
      'dataset:train_labels': b,
      'dataset:test_images': c,
      'dataset:test_labels': d,
    });
    const other = { ...files, test_labels: a };
    const otherIdx = plan(spec({ dataset: { name: 'mine', upload: { format: 'idx', files: other }, ...split } }));
    expect(otherIdx.jobs[0]!.spec.dataset_sha256).not.toBe(idx.jobs[0]!.spec.dataset_sha256);
    expect(problems(spec({ dataset: { name: 'mnist', upload: { format: 'npz', file: a }, ...split } }))).toEqual([
      expect.objectContaining({ pointer: '/dataset/name', message: '"mnist" is the name of a published dataset' }),
    ]);
  });
});

describe('the metrics', () => {
  it('become a job each, with the parameters of those that have any', () => {
    const examples = { count: 10 };
    const metrics = { input_gradient: { examples }, logits: { examples }, clever: { examples, norm: 'linf' } };
    const jobs = plan(spec({ metrics })).jobs.filter(({ spec: { kind } }) => kind === 'measure');
    expect(jobs.map(({ name }) => name)).toEqual(['input gradient of plain', 'logits of plain', 'clever of plain']);
    expect(jobs.map(({ spec: job }) => 'parameters' in job)).toEqual([false, false, true]);
    expect(jobs[1]!.spec).toMatchObject({ metric: 'logits', examples: { count: 10, choose: 'any' } });
    expect(jobs[2]!.spec).toMatchObject({
      metric: 'clever',
      parameters: { norm: 'linf', radius: 5, batches: 50, samples: 128 },
      examples: { choose: 'common-clean-correct' },
    });
  });
});

it('lets other work of the process pass between, where it is asked to', async () => {
  const temperatures = Array.from({ length: 1000 }, (_, index) => 1 + index);
  const body = spec({ grid: { T: { values: temperatures, at: ['/models/plain/temperature'] } } });
  let turns = 0;
  let timer = setImmediate(function count() {
    turns++;
    timer = setImmediate(count);
  });
  const planning = await planInTurns(body);
  clearImmediate(timer);
  expect(turns).toBeGreaterThan(1);
  expect(planning).toEqual(planExperiment(body));
});
