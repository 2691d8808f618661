import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { installEngine, waysTo } from '@retort/engine';
import { describe, expect, it } from 'vitest';
import { SELF_CHECK_TOLERANCE } from '../self-check.js';

const { RETORT_TF_WHEEL } = process.env;
const why = RETORT_TF_WHEEL ? '' : ' (skipped: RETORT_TF_WHEEL names no wheel of tensorflow-cpu)';

/** A process that trains and says which engine that was, and how many seconds of processor a second of it took. */
const TRAIN = `
import { startEngine } from '@retort/engine';
import { getBackend } from '@tensorflow/tfjs-core';
import { trainingSpeed } from './dist/training-speed.js';
const { description } = await startEngine({ force: 'tfjs-node' });
const before = process.cpuUsage();
const start = performance.now();
await trainingSpeed();
const { user, system } = process.cpuUsage(before);
const processors = (user + system) / 1000 / (performance.now() - start);
console.log(JSON.stringify({ description, processors, backend: getBackend() }));`;

describe.skipIf(!RETORT_TF_WHEEL)(`the engine made of the wheel${why}`, () => {
  it('is on TensorFlow 2.21, computes rightly, and on one thread', async () => {
    const engines = await mkdtemp(join(tmpdir(), 'retort-installed-'));
    process.env.RETORT_ENGINES = engines;
    try {
      const told: string[] = [];
      const engine = await installEngine('tfjs-node', waysTo({ wheel: RETORT_TF_WHEEL }), {
        again: false,
        tell: (line) => told.push(line),
      });
      expect(engine).toMatchObject({ way: 'wheel', before: false });
      expect(told).toContain('checking that it computes rightly');
      const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', TRAIN], {
        cwd: fileURLToPath(new URL('../../', import.meta.url)),
        env: { ...process.env, RETORT_ENGINES: engines },
      });
      const { description, processors, backend } = JSON.parse(stdout) as {
        description: { versions: unknown; threads: number; self_check: { max_relative_error: number } };
        processors: number;
        backend: string;
      };
      expect(backend).toBe('tensorflow');
      expect(description).toMatchObject({ threads: 1, versions: { tensorflow: '2.21.0', tfjs: '4.22.0' } });
      expect(description.self_check.max_relative_error).toBeLessThanOrEqual(SELF_CHECK_TOLERANCE);
      // The garbage collector has threads of its own, which take a few percent.
      expect(processors).toBeLessThan(1.3);
    } finally {
      delete process.env.RETORT_ENGINES;
      await rm(engines, { recursive: true });
    }
  });
});
