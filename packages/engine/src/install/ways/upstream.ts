import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { addonOf, packageOf } from '../compile-addon.js';
import { runProgram } from '../run-program.js';
import { WayClosed, type Way } from '../way.js';

/** Milliseconds for a download of 170 MB on a slow line. */
const LIMIT_MS = 30 * 60_000;

/** tfjs-node's own install script: it downloads libtensorflow 2.9.1 and an addon that was compiled on it. */
export const upstream: Way = {
  name: 'upstream',
  title: "upstream's own install",
  async take(site) {
    const cwd = packageOf(site);
    const programs = join(site.folder, 'node_modules', '.bin'); // node-pre-gyp, which the script calls
    const build = site.name === 'tfjs-node-gpu' ? ['gpu', 'download'] : [];
    await runProgram(process.execPath, ['scripts/install.js', ...build], { cwd, path: programs, limit: LIMIT_MS });
    // The script ends well where only the addon could not be had.
    if (!existsSync(addonOf(site))) throw new WayClosed('its script has left no addon');
    return 'the libtensorflow 2.9.1 that the script of its package downloads';
  },
};
