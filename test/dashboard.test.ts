import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser, openBrowser } from './support/browser.js';
import { finishedJobs, quickSpec, submit, tinySpec } from './support/experiments.js';
import { startRetort, type TestRetort } from './support/retort.js';

const executable = findBrowser();
if (!executable)
  process.stderr.write('No browser was found: the dashboard is not tested. Name one by RETORT_BROWSER.\n');

describe.runIf(executable)('the dashboard, in a real browser', () => {
  let retort: TestRetort;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    retort = await startRetort();
    await retort.startWorker();
    browser = await openBrowser(executable!);
    page = await browser.newPage();
    page.setDefaultTimeout(300_000);
    page.on('response', (response) => {
      // A refused spec is a 422, and is what the first test is about.
      if (response.status() >= 400 && response.status() !== 422) {
        complaints.push(`${response.status()} ${new URL(response.url()).pathname}`);
      }
    });
    page.on('console', (message) => {
      // Refused answers are counted above, with their places.
      if (message.type() === 'error' && !message.text().includes('Failed to load')) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
  });
  afterAll(async () => {
    await browser.close();
    await retort.stop();
  });

  it('says what is wrong with a spec, and where', async () => {
    await page.goto(`${retort.url}/#/submit`);
    await page.locator('textarea').fill(JSON.stringify(tinySpec({ dataset: { name: 'mnits', train: 5 } })));
    await page.getByRole('button', { name: 'Submit' }).click();
    await page.getByText('/dataset/name').waitFor();
    expect(await page.locator('main').innerText()).toContain('did you mean "mnist"?');
  });

  it('takes a spec, follows its jobs live, and shows what they found', async () => {
    const attacks = { fgsm: { attack: 'fgsm', examples: { count: 20 } } };
    await page.goto(`${retort.url}/#/submit`);
    await page.locator('textarea').fill(JSON.stringify(tinySpec({ name: 'seen in a browser', attacks })));
    await page.getByRole('button', { name: 'Submit' }).click();
    await page.waitForURL(/#\/experiments\/exp_/);
    await page.getByText('2 of 2 jobs ended').waitFor();
    const text = await page.locator('main').innerText();
    expect(text).toContain('seen in a browser');
    await page
      .getByText(/\d+\/20 = \d+\.\d %/)
      .first()
      .waitFor();

    await page.getByRole('link', { name: 'Report' }).click();
    await page.locator('svg').first().waitFor();
    await page.locator('img').first().waitFor();
  });

  it('pauses, resumes, cancels and retries what may be, and says what the API refuses', async () => {
    // It waits for a GPU that nobody has.
    const id = await submit(retort, quickSpec({ name: 'steered', engine: 'gpu' }));
    await page.goto(`${retort.url}/#/experiments/${id}`);
    const button = (name: string) => page.getByRole('button', { name });
    const jobs = page.getByRole('table', { name: 'Parents come before their children' });
    const row = jobs.getByRole('row', { name: /^plain/ });
    await button('Pause').click();
    await row.getByText('paused', { exact: true }).waitFor();
    await button('Pause').waitFor({ state: 'detached' });
    await button('Resume').click();
    await row.getByText('queued', { exact: true }).waitFor();
    await button('Resume').waitFor({ state: 'detached' });
    await button('Cancel').click();
    await row.getByText('cancelled', { exact: true }).waitFor();
    await button('Cancel').waitFor({ state: 'detached' });

    await page.route('**/retry', (route) => {
      const problem = { title: 'Not now', status: 503, detail: 'the database is away' };
      return route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) });
    });
    await button('Retry').click();
    await page.getByRole('alert').getByText('Not now: the database is away').waitFor();
    expect(complaints.splice(0)).toEqual([`503 /v1/experiments/${id}/retry`]);
    await page.unroute('**/retry');
    await button('Retry').click();
    await page.getByRole('link', { name: `Retry of ${id}` }).waitFor();
    await button('Cancel').click();
    await button('Retry').waitFor();
  });

  it('lists the experiments and the workers', async () => {
    await finishedJobs(retort, await submit(retort, tinySpec({ name: 'listed' })));
    await page.goto(`${retort.url}/#/`);
    await page.getByRole('link', { name: 'listed' }).waitFor();
    await page.getByRole('link', { name: 'Workers and queue' }).click();
    await page.getByText('wasm').first().waitFor();
  });

  it('gives the API a page that can be read', async () => {
    await page.goto(`${retort.url}/docs`);
    await page.getByText('Submit an experiment').waitFor();
  });

  it('made the browser complain of nothing', () => {
    expect(complaints).toEqual([]);
  });
});
