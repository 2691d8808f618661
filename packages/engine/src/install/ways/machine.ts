import { compileAddon } from '../compile-addon.js';
import { findLibtensorflow } from '../find-libtensorflow.js';
import { WayClosed, type Way } from '../way.js';

/** Where libtensorflow lies when it was installed by hand or by a package of the system. */
const USUAL = ['/usr/local', '/usr', '/opt/libtensorflow', '/opt/tensorflow'];

/**
 * A libtensorflow of this machine, which stays where it is.
 *
 * @param given the folder that a person named; else the usual ones are searched
 */
export function machine(given?: string): Way {
  return {
    name: 'machine',
    title: 'a libtensorflow of this machine',
    async take(site) {
      const looked = (given === undefined ? USUAL : [given]).map((folder) => ({
        folder,
        found: findLibtensorflow(folder),
      }));
      for (const { folder, found } of looked) {
        if (typeof found === 'string') continue;
        await compileAddon(site, found);
        return `the libtensorflow in ${folder}`;
      }
      const missing = looked.map(({ found }) => found as string).join('; ');
      throw new WayClosed(given === undefined ? `${missing}; name its folder with --libtensorflow <folder>` : missing);
    },
  };
}
