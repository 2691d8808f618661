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
import { JsmaParameters } from './jsma.js';
import { MiFgsmParameters } from './mi-fgsm.js';
import { PgdParameters } from './pgd.js';
import { RandomNoiseParameters } from './random-noise.js';
import { SaltAndPepperParameters } from './salt-and-pepper.js';
import { SongSaliencyParameters } from './song-saliency.js';
import { SquareParameters } from './square.js';

export * from './apgd.js';
export * from './apgd-t.js';
export * from './bim.js';
export * from './cw-l0.js';
export * from './cw-l2.js';
export * from './cw-linf.js';
export * from './ddn.js';
export * from './deepfool.js';
export * from './ead.js';
export * from './fab.js';
export * from './fgsm.js';
export * from './fmn.js';
export * from './jsma.js';
export * from './mi-fgsm.js';
export * from './minimised-norm.js';
export * from './objective.js';
export * from './pgd.js';
export * from './random-noise.js';
export * from './salt-and-pepper.js';
export * from './song-saliency.js';
export * from './square.js';

/** The schema of each attack's parameters, by the attack's name. */
export const attackParameters = {
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
} as const;

export type AttackName = keyof typeof attackParameters;

/** The parameters of each attack, by its name. */
export interface AttackParameters {
  fgsm: FgsmParameters;
  pgd: PgdParameters;
  jsma: JsmaParameters;
  'song-saliency': SongSaliencyParameters;
  deepfool: DeepfoolParameters;
  'cw-l2': CwL2Parameters;
  ddn: DdnParameters;
  fmn: FmnParameters;
  fab: FabParameters;
  bim: BimParameters;
  'mi-fgsm': MiFgsmParameters;
  apgd: ApgdParameters;
  'apgd-t': ApgdTParameters;
  square: SquareParameters;
  'random-noise': RandomNoiseParameters;
  'salt-and-pepper': SaltAndPepperParameters;
  'cw-linf': CwLinfParameters;
  'cw-l0': CwL0Parameters;
  ead: EadParameters;
}
