import { ApgdParameters } from './apgd.js';
import { ApgdTParameters } from './apgd-t.js';
import { BimParameters } from './bim.js';
import { CwL0Parameters } from './cw-l0.js';
import { CwL2Parameters } from './cw-l2.js';
import { CwLinfParameters } from './cw-linf.js';
import { DdnParameters } from './ddn.js';
import { DeepfoolParameters } from './deepfool.js';
import { EadParameters } from './ead.js';
import { FabParameters } from './fab.js';
import { FgsmParameters } from './fgsm.js';
import { FmnParameters } from './fmn.js';
import { HopSkipJumpParameters } from './hop-skip-jump.js';
import { JsmaParameters } from './jsma.js';
import { MiFgsmParameters } from './mi-fgsm.js';
import { PgdParameters } from './pgd.js';
import { RandomNoiseParameters } from './random-noise.js';
import { SaltAndPepperParameters } from './salt-and-pepper.js';
import { SongSaliencyParameters } from './song-saliency.js';
import { SquareParameters } from './square.js';

/** The schema of the parameters of each attack that is no ensemble of others, by the attack's name. */
export const singleAttackParameters = {
  fgsm: FgsmParameters,
  pgd: PgdParameters,
  jsma: JsmaParameters,
  'song-saliency': SongSaliencyParameters,
  deepfool: DeepfoolParameters,
  'cw-l2': CwL2Parameters,
  ddn: DdnParameters,
  fmn: FmnParameters,
  fab: FabParameters,
  bim: BimParameters,
  'mi-fgsm': MiFgsmParameters,
  apgd: ApgdParameters,
  'apgd-t': ApgdTParameters,
  square: SquareParameters,
  'random-noise': RandomNoiseParameters,
  'salt-and-pepper': SaltAndPepperParameters,
  'cw-linf': CwLinfParameters,
  'cw-l0': CwL0Parameters,
  ead: EadParameters,
  'hop-skip-jump': HopSkipJumpParameters,
} as const;

export type SingleAttackName = keyof typeof singleAttackParameters;
