import { readFileSync } from 'node:fs';
import { SCIENCE_REVISION } from '@retort/contracts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** The code that computes: Retort's version, and the revision of its science. */
export const codeVersion = `retort ${version}, science ${SCIENCE_REVISION}`;
