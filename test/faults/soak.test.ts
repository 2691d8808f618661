import { join } from 'node:path';
import { FolderStore } from '@retort/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processesWith } from '../support/processes.js';
import { drawFaults } from '../support/soak/schedule.js';
import { allExperiments, countEnds, filesBelow, findBrokenArtifacts, findWrongs } from '../support/soak/findings.js';
import { runSoak, type Soak } from '../support/soak/soak.js';

const seconds = Number(process.env.RETORT_SOAK_SECONDS ?? 300);
/** By default one that draws every kind of fault within its first minute. */
const seed = Number(process.env.RETORT_SOAK_SEED ?? 112);
/** Milliseconds in which all that was accepted must have ended once nothing goes wrong any more. */
const QUIET_LIMIT_MS = 240_000;
/** Bytes by which a process may have grown over the soak: garbage that is not collected yet, not a leak. */
const GROWTH_LIMIT = 48 * 2 ** 20;

it('draws the same faults from the same seed', () => {
  expect(drawFaults(seed, seconds)).toEqual(drawFaults(seed, seconds));
  expect(drawFaults(seed + 1, seconds)).not.toEqual(drawFaults(seed, seconds));
});

describe(`a soak of ${seconds} s with the faults of RETORT_SOAK_SEED=${seed}`, () => {
  let soak: Soak;
  let databaseUrl: string;
  beforeAll(
    async () => {
      soak = await runSoak({ seed, seconds });
      databaseUrl = soak.retort.environment.DATABASE_URL;
    },
    seconds * 1000 + 480_000,
  );
  afterAll(() => soak?.stop());

  it('has lost nothing, recorded nothing twice, and left nothing behind', async () => {
    await expect.poll(() => findWrongs(databaseUrl), { timeout: QUIET_LIMIT_MS, interval: 1000 }).toEqual({});
    const ends = await countEnds(databaseUrl);
    console.info({ seed, seconds, faults: drawFaults(seed, seconds).length, ...ends, growth: soak.memory.growth() });
    expect(ends['job succeeded']).toBeGreaterThan(0);
    expect(await allExperiments(databaseUrl)).toEqual([...soak.accepted].sort());
    const artifacts = join(soak.retort.folder, 'artifacts');
    expect(await findBrokenArtifacts(databaseUrl, artifacts)).toEqual({ unknown: [], broken: [] });
    for (const [name, bytes] of Object.entries(soak.memory.growth())) {
      expect(bytes, `the ${name}'s growth`).toBeLessThan(GROWTH_LIMIT);
    }

    await soak.sendHome();
    expect(await filesBelow(join(soak.retort.folder, 'scratch'))).toEqual([]);
    // What was being written by a process that was killed is swept in its time.
    await new FolderStore(artifacts, { announce: () => Promise.resolve(() => Promise.resolve()) }).sweepLeftovers(0);
    expect(await filesBelow(join(artifacts, 'incoming'))).toEqual([]);
    await expect.poll(() => processesWith(soak.retort.folder)).toEqual([]);
  });
});
