/* Builds the native kernels: `node packages/engine/native/build.mjs [folder]`, with clang 14 and its wasm-ld. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const folder = process.argv[2] ?? here;
const binary = join(folder, 'kernels.wasm');

const sources = readdirSync(here)
  .filter((name) => name.endsWith('.c'))
  .sort();
const compile = [
  '--target=wasm32',
  '-msimd128',
  '-O3',
  '-ffreestanding',
  '-fno-builtin',
  '-Wall',
  '-Werror',
  '-Wno-pass-failed',
];
// No stack and no data of its own: the memory is that of tfjs-backend-wasm, which knows nothing of this module.
const link = ['-nostdlib', '-Wl,--no-entry', '-Wl,--import-memory', '-Wl,--strip-all', '-Wl,-z,stack-size=0'];
execFileSync('clang', [...compile, ...link, '-o', binary, ...sources], { cwd: here, stdio: 'inherit' });

const sha256 = createHash('sha256').update(readFileSync(binary)).digest('hex');
writeFileSync(join(folder, 'kernels.wasm.sha256'), `${sha256}  kernels.wasm\n`);
