// Runs the soak on faults drawn from a seed of its own: npm run soak. RETORT_SOAK_SECONDS makes it longer than its five
// minutes, RETORT_SOAK_SEED repeats one.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../', import.meta.url));
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const { RETORT_SOAK_SEED = String(Math.floor(Math.random() * 2 ** 31)) } = process.env;
console.log(`RETORT_SOAK_SEED=${RETORT_SOAK_SEED}`);
const { status } = spawnSync(process.execPath, [vitest, 'run', 'test/faults/soak.test.ts'], {
  cwd: project,
  stdio: 'inherit',
  env: { ...process.env, RETORT_SOAK_SEED },
});
process.exitCode = status ?? 1;
