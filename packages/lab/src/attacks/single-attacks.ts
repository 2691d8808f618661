import type { AttackParameters, SingleAttackName } from '@retort/contracts';
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
import { hopSkipJump } from './hop-skip-jump.js';
import { jsma } from './jsma.js';
import { miFgsm } from './mi-fgsm.js';
import { pgd } from './pgd.js';
import { randomNoise } from './random-noise.js';
import { saltAndPepper } from './salt-and-pepper.js';
import { songSaliency } from './song-saliency.js';
import { square } from './square.js';

/** Every attack that is no ensemble of others, by its name. */
export const singleAttacks: { readonly [Name in SingleAttackName]: Attack<AttackParameters[Name]> } = {
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
  'hop-skip-jump': hopSkipJump,
};
