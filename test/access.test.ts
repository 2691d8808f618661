import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser, openBrowser } from './support/browser.js';
import { submit, tinySpec } from './support/experiments.js';
import { startRetort, type TestRetort } from './support/retort.js';

const cli = fileURLToPath(new URL('../apps/cli/dist/main.js', import.meta.url));
const executable = findBrowser();
const run = promisify(execFile);

describe('a Retort that is given its first API key by the command line', () => {
  let retort: TestRetort;
  let id: string;
  let secret: string;
  let keyId: string;
  const key = async (...args: string[]) =>
    run(process.execPath, [cli, 'key', ...args], {
      env: { ...process.env, DATABASE_URL: retort.environment.DATABASE_URL },
    });
  const asks = async (path: string, headers: Record<string, string> = {}) =>
    (await fetch(retort.url + path, { headers })).status;

  beforeAll(async () => {
    retort = await startRetort();
    // While it is open.
    id = await submit(retort, tinySpec({ name: 'made by anyone' }));
  });
  afterAll(() => retort.stop());

  it('prints the secret alone, and closes', async () => {
    const { stdout, stderr } = await key('create', 'operator', '--scope', 'read', 'admin', '--max-running', '3');
    expect(stdout).toMatch(/^rtk_[\w-]{43}\n$/);
    [keyId] = /^key_\w+/.exec(stderr)!;
    expect(stderr).toMatch(/^key_\w+ "operator" may read, admin; /);
    secret = stdout.trim();
    await expect.poll(() => asks('/v1/jobs')).toBe(401);
    expect(await asks('/v1/jobs', { authorization: `Bearer ${secret}` })).toBe(200);
    const { stdout: listed } = await key('list');
    expect(listed).toContain(secret.slice(0, 12));
    expect(listed).not.toContain(secret);
  });

  it('makes no key of what cannot be meant', async () => {
    const refused = key('create', 'x', '--max-running', 'many', '--scope', 'raed');
    const stderr = expect.stringMatching(/did you mean "read"\?[^]*max_running: is .*whole number/) as string;
    await expect(refused).rejects.toMatchObject({ stderr });
  });

  it('bounds the requests of a key over all API processes, until that is changed there', async () => {
    const urls = [retort.url, (await retort.startApi()).url];
    const answered = async (headers: Record<string, string>) => {
      const statuses: number[] = [];
      for (let request = 0; request < 8; request++) {
        statuses.push((await fetch(`${urls[request % 2]!}/v1/datasets`, { headers })).status);
      }
      return statuses.filter((status) => status === 200).length;
    };
    let [id, headers] = ['', {}];
    // Each by itself would answer four: so it is with a key that was asked with before both had reached Redis.
    const bounded = async () => {
      const made = await key('create', 'bounded', '--requests-per-minute', '4');
      id = /^key_\w+/.exec(made.stderr)![0];
      headers = { authorization: `Bearer ${made.stdout.trim()}` };
      return answered(headers);
    };
    await expect.poll(bounded).toBe(4);
    const { stdout } = await key('change', id, '--requests-per-minute', 'none', '--max-running', '2');
    expect(stdout).toContain('may read, submit; max running: 2; requests per minute: none; expires: never');
    expect(await answered(headers)).toBe(8);
    const refused = key('change', id, '--scope', 'raed', '--expires', '2020-01-01T00:00:00Z');
    await expect(refused).rejects.toMatchObject({ stderr: expect.stringMatching(/did you mean "read"/) as string });
  });

  it.runIf(executable)('asks a browser for the key, keeps it for pages and streams, and forgets it', async () => {
    const browser: Browser = await openBrowser(executable!);
    try {
      const page = await browser.newPage();
      await page.goto(`${retort.url}/`);
      await page.getByLabel('API key').fill('rtk_wrong');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('none of this Retort').waitFor();
      await page.getByLabel('API key').fill(secret);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('link', { name: 'made by anyone' }).click();
      const stream = page.waitForResponse((response) => response.url().endsWith('/events'));
      await page.reload();
      expect((await stream).status()).toBe(200);
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByText('cancelled_by_request').first().waitFor();
      expect(await page.evaluate('document.cookie')).toBe('');
      expect(page.url()).toContain(id);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByLabel('API key').waitFor();
    } finally {
      await browser.close();
    }
  });

  it('refuses a key that is revoked there', async () => {
    expect((await key('revoke', keyId)).stdout).toContain('is revoked since');
    expect(await asks('/v1/jobs', { authorization: `Bearer ${secret}` })).toBe(401);
  });
});
