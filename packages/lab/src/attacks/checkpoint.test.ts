import '@tensorflow/tfjs';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { deserialize, serialize } from 'node:v8';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AttackContext } from './attack.js';
import { attacks } from './attacks.js';
import type { AttackCheckpoint } from './checkpoint.js';
import { formulaNet, type Analytic } from './testing/classifiers.js';
import { contextOf, run } from './testing/contexts.js';
import { settings } from './testing/settings.js';

beforeAll(async () => {
  await setBackend('cpu');
});

/** What an attack that is killed throws. */
class Killed extends Error {}

/** Examples in batches of 3, 3 and 1, of a net that counts the images that it is asked about. */
function counted(): { context: AttackContext; asked: () => number } {
  let asked = 0;
  const net = formulaNet();
  const counting: Analytic = { ...net, logits: (batch) => ((asked += batch.shape[0]), net.logits(batch)) };
  return { context: { ...contextOf(counting), batchSize: 3 }, asked: () => asked };
}

/** Bytes, as a file would have them: what is read from them shares nothing with the run that wrote them. */
function read(bytes: Buffer): AttackCheckpoint {
  return deserialize(bytes) as AttackCheckpoint;
}

describe.each(settings)('%s %j', (name, parameters) => {
  it('ends the same and costs the same when it is killed at every checkpoint and resumed', async () => {
    const undisturbed = counted();
    const outcome = await run(name, undisturbed.context, parameters);

    const tensors = memory().numTensors;
    let asked = 0;
    let last: Buffer | undefined;
    let kills = 0;
    for (;;) {
      const attempt = counted();
      const context: AttackContext = {
        ...attempt.context,
        resume: last && read(last),
        onCheckpoint: (take) => {
          last = serialize(take());
          throw new Killed();
        },
      };
      const ended = await run(name, context, parameters).catch((error: unknown) => {
        if (error instanceof Killed) return undefined;
        throw error;
      });
      asked += attempt.asked();
      if (ended) {
        expect(ended).toEqual(outcome);
        break;
      }
      kills++;
    }
    expect(asked).toBe(undisturbed.asked());
    expect(memory().numTensors).toBe(tensors);
    // A checkpoint a batch at least, and none that gets stuck.
    expect(kills).toBeGreaterThanOrEqual(3);
  });

  it('goes on from a checkpoint that was taken on the way, as often as wanted and in batches of another size', async () => {
    const taken: { bytes: Buffer; asked: number }[] = [];
    const whole = counted();
    const onCheckpoint = (take: () => AttackCheckpoint) =>
      void taken.push({ bytes: serialize(take()), asked: whole.asked() });
    const outcome = await run(name, { ...whole.context, onCheckpoint }, parameters);
    const middle = taken[Math.floor(taken.length / 2)]!;

    const resume = read(middle.bytes);
    const resumed = counted();
    expect(await run(name, { ...resumed.context, resume }, parameters)).toEqual(outcome);
    expect(resumed.asked()).toBe(whole.asked() - middle.asked);
    expect(await run(name, { ...counted().context, batchSize: 2, resume }, parameters)).toEqual(outcome);
    expect(resume).toEqual(read(middle.bytes));
  });
});

describe('a checkpoint', () => {
  const { context } = counted();
  const parameters = { epsilon: 0.05, steps: 4, step_size: 0.02 };

  /** The first one that an attack offers. */
  async function firstCheckpoint(): Promise<AttackCheckpoint> {
    const taken: AttackCheckpoint[] = [];
    await attacks.pgd.run({ ...context, onCheckpoint: (take) => void taken.push(take()) }, parameters);
    return taken[0]!;
  }

  it('says what it is of', async () => {
    expect((await firstCheckpoint()).of).toMatchObject({
      attack: 'pgd',
      parameters: { ...parameters, norm: 'linf', restarts: 1 },
      seed: 11,
      examples: 7,
    });
  });

  it('is refused by anything but the attack that took it', async () => {
    const resume = await firstCheckpoint();
    const other = (part: Partial<AttackContext>, given: object = parameters) =>
      attacks.pgd.run({ ...context, resume, ...part }, given);
    await expect(attacks.bim.run({ ...context, resume }, parameters)).rejects.toThrow(
      new RangeError(
        'the checkpoint is of another attack: its attack is "pgd", not "bim"; resume only the attack that took it',
      ),
    );
    await expect(other({}, { ...parameters, steps: 5 })).rejects.toThrow('its parameters is {"norm":"linf"');
    await expect(other({ seed: 12 })).rejects.toThrow('its seed is 11, not 12');
    const fewer = { images: context.images.slice(20), labels: Array.from(context.labels).slice(1) };
    await expect(other(fewer)).rejects.toThrow('its examples is 7, not 6');
    await expect(other({ images: context.images.map((pixel) => 1 - pixel) })).rejects.toThrow('its data is');
    await expect(other({ indices: [7, 8, 9, 10, 11, 12, 13] })).rejects.toThrow('its data is');
    expect((await other({})).success).toHaveLength(7);
  });

  it('is waited for, and is offered between iterations and batches', async () => {
    let waiting = 0;
    let offered = 0;
    const onCheckpoint = async () => {
      offered++;
      waiting++;
      await new Promise((resolve) => setImmediate(resolve));
      waiting--;
    };
    const onProgress = () => expect(waiting).toBe(0);
    await attacks.bim.run({ ...context, onCheckpoint, onProgress }, { ...parameters, epsilon: 0 });
    // Three batches of four steps.
    expect(offered).toBe(3 * 4 + 3);
  });

  it('holds of the batches that are done only what is left of them', async () => {
    const sizes: number[] = [];
    const onCheckpoint = (take: () => AttackCheckpoint) => void sizes.push(serialize(take()).length);
    await attacks['cw-l2'].run({ ...context, onCheckpoint }, { steps: 3, binary_search_steps: 1 });
    // Per value: 4 bytes of an image that is done, 8 more of its original, and what Adam and the tanh box hold.
    expect(sizes.at(-1)! / (7 * 20)).toBeLessThan(16);
    expect(Math.max(...sizes) / (7 * 20)).toBeGreaterThan(16);
  });
});
