import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashOf } from '../verified-file.js';
import { bringFiles } from './bring-files.js';
import type { Source } from './source.js';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const published = { one: hashOf(bytesOf('one')), two: hashOf(bytesOf('two')) };

let target: string;
beforeEach(async () => {
  target = await mkdtemp(join(tmpdir(), 'retort-fetch-'));
});
afterEach(() => rm(target, { recursive: true }));

/** A source that gives what is wanted, as far as it has it, and then breaks where it lacks a file. */
function sourceOf(title: string, files: Record<string, string>, asked: string[][] = []): Source {
  return {
    title,
    async *files(scratch, wanted) {
      asked.push([...wanted]);
      await writeFile(join(scratch, 'half'), 'done');
      for (const file of wanted) {
        if (!(file in files)) throw new Error(`has no ${file}`);
        yield [file, bytesOf(files[file]!)];
      }
    },
  };
}

describe('bringFiles', () => {
  const bring = (...sources: Source[]) =>
    bringFiles(published, sources, { folders: [target], target, tell: () => undefined });

  it('keeps what came before a source broke, and asks the next one, or a second run, for the rest only', async () => {
    await expect(bring(sourceOf('a', { one: 'one' }))).rejects.toMatchObject({
      reason: 'dataset_unavailable',
      message: expect.stringMatching(/missing still: two \(sha256 .*\)\. a: has no two/) as string,
    });
    expect(await readdir(target)).toEqual(['one']);
    const asked: string[][] = [];
    expect(await bring(sourceOf('b', { two: 'two' }, asked))).toEqual(['two']);
    expect(asked).toEqual([['two']]);
    expect(await readFile(join(target, 'two'), 'utf8')).toBe('two');
    expect(await readdir(target)).toEqual(['one', 'two']);
    expect(await bring()).toEqual([]);
  });

  it('never gives its name to a file that is not the published one', async () => {
    const wrong = bring(sourceOf('a', { one: 'other' }), sourceOf('b', { one: 'one', two: 'two' }));
    expect(await wrong).toEqual(['one', 'two']);
    await rm(join(target, 'one'));
    await expect(bring(sourceOf('a', { one: 'other' }))).rejects.toThrow(/its one has the sha256/);
    expect(await readdir(target)).toEqual(['two']);
  });

  it('does not go round a file that is there but wrong', async () => {
    await writeFile(join(target, 'one'), 'damaged');
    await expect(bring(sourceOf('a', { one: 'one', two: 'two' }))).rejects.toThrow('one is not the published file');
  });
});
