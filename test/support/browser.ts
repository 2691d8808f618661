import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser that `RETORT_BROWSER` names, or one at a usual place; undefined where there is none. */
export function findBrowser(): string | undefined {
  return process.env.RETORT_BROWSER ?? PLACES.find((path) => existsSync(path));
}

/** Starts a headless browser that asks for nothing beyond the pages that it is sent to. */
export function openBrowser(executablePath: string): Promise<Browser> {
  const quiet = ['no-first-run', 'disable-background-networking', 'disable-component-update', 'disable-sync'];
  const args = ['no-sandbox', 'disable-gpu', 'disable-quic', ...quiet].map((flag) => `--${flag}`);
  return chromium.launch({ executablePath, headless: true, args });
}
