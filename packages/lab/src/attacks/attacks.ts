import type { AttackName, AttackParameters } from '@retort/contracts';
import type { Attack } from './attack.js';
import { apgd } from './apgd.js';
import { apgdT } from './apgd-t.js';
import { bim } from './bim.js';
import { cwL0 } from './cw-l0.js';
import { cwL2 } from './cw-l2.js';
import { cwLinf } from './cw-linf.js';
import { ddn } from './ddn.js';
import { deepfool } from './deepfool.js';
import { ead } from './ead.js';
import { fab } from './fab.js';
import { fgsm } from './fgsm.js';
import { fmn } from './fmn.js';
import { jsma } from './jsma.js';
import { miFgsm } from './mi-fgsm.js';
import { pgd } from './pgd.js';
import { randomNoise } from './random-noise.js';
import { saltAndPepper } from './salt-and-pepper.js';
import { songSaliency } from './song-saliency.js';
import { square } from './square.js';

/** Every attack, by the name that a spec gives it. */
export const attacks: { readonly [Name in AttackName]: Attack<AttackParameters[Name]> } = {
  fgsm,
  pgd,
  jsma,
  'song-saliency': songSaliency,
  deepfool,
  'cw-l2': cwL2,
  ddn,
  fmn,
  fab,
  bim,
  'mi-fgsm': miFgsm,
  apgd,
  'apgd-t': apgdT,
  square,
  'random-noise': randomNoise,
  'salt-and-pepper': saltAndPepper,
  'cw-linf': cwLinf,
  'cw-l0': cwL0,
  ead,
};

/**
 * The attack of that name, for parameters that are known only when it runs; `run` checks them.
 *
 * @throws RangeError for a name that no attack has
 */
export function attackNamed(name: string): Attack<Record<string, unknown>> {
  if (!Object.hasOwn(attacks, name)) {
    throw new RangeError(`there is no attack "${name}"; the attacks are ${Object.keys(attacks).join(', ')}`);
  }
  return attacks[name as AttackName];
}
