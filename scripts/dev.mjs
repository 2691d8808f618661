// Rebuilds on every change and starts Retort again with what was built.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const compiler = spawn(process.execPath, [tsc, '-b', '--watch', '--preserveWatchOutput'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
let retort;
let restarting = Promise.resolve();

compiler.stdout.on('data', (text) => {
  process.stdout.write(text);
  // The compiler says so after each build; a build with errors leaves the last good one running.
  if (String(text).includes('Found 0 errors')) restarting = restarting.then(restart);
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    compiler.kill();
    restarting = restarting.then(stop).then(() => process.exit(0));
  });
}

async function restart() {
  await stop();
  retort = spawn(process.execPath, ['apps/cli/dist/main.js', 'up'], { stdio: 'inherit', detached: true });
}

async function stop() {
  if (!retort || retort.exitCode !== null) return;
  const gone = new Promise((resolve) => retort.once('exit', resolve));
  retort.kill('SIGTERM');
  await gone;
}
