// Writes the pages that are made from the sources; with --check it only says which are stale, and fails.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { attackPages } from './attack-pages.mjs';

const folder = new URL('../docs/attacks/', import.meta.url);
mkdirSync(folder, { recursive: true });
const pages = await attackPages();
const kept = new Map(readdirSync(folder).map((file) => [file, readFileSync(new URL(file, folder), 'utf8')]));
const stale = [...new Set([...pages.keys(), ...kept.keys()])].filter((file) => pages.get(file) !== kept.get(file));

if (process.argv.includes('--check')) {
  for (const file of stale)
    console.error(`docs/attacks/${file} is stale: run npm run docs, and commit what it changes`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const file of stale) {
    const text = pages.get(file);
    if (text === undefined) rmSync(new URL(file, folder));
    else writeFileSync(new URL(file, folder), text);
    console.log(`docs/attacks/${file}`);
  }
}
