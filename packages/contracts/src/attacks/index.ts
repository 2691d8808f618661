import type { ApgdParameters } from './apgd.js';
import type { ApgdTParameters } from './apgd-t.js';
import { AutoattackParameters } from './autoattack.js';
import type { BimParameters } from './bim.js';
import type { CwL0Parameters } from './cw-l0.js';
import type { CwL2Parameters } from './cw-l2.js';
import type { CwLinfParameters } from './cw-linf.js';
import type { DdnParameters } from './ddn.js';
import type { DeepfoolParameters } from './deepfool.js';
import type { EadParameters } from './ead.js';
import type { FabParameters } from './fab.js';
import type { FgsmParameters } from './fgsm.js';
import type { FmnParameters } from './fmn.js';
import type { HopSkipJumpParameters } from './hop-skip-jump.js';
import type { JsmaParameters } from './jsma.js';
import type { MiFgsmParameters } from './mi-fgsm.js';
import type { PgdParameters } from './pgd.js';
import type { RandomNoiseParameters } from './random-noise.js';
import type { SaltAndPepperParameters } from './salt-and-pepper.js';
import type { SongSaliencyParameters } from './song-saliency.js';
import type { SquareParameters } from './square.js';
import { singleAttackParameters } from './single-attacks.js';
import { WorstCaseParameters } from './worst-case.js';

export * from './adversarial-set.js';
export * from './apgd.js';
export * from './apgd-t.js';
export * from './attack-choice.js';
export * from './attack-cost.js';
export * from './autoattack.js';
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
export * from './hop-skip-jump.js';
export * from './jsma.js';
export * from './mi-fgsm.js';
export * from './minimised-norm.js';
export * from './objective.js';
export * from './pgd.js';
export * from './presets.js';
export * from './random-noise.js';
export * from './salt-and-pepper.js';
export * from './single-attacks.js';
export * from './song-saliency.js';
export * from './square.js';
export * from './worst-case.js';

/** The schema of each attack's parameters, by the attack's name. */
export const attackParameters = {
  ...singleAttackParameters,
  'worst-case': WorstCaseParameters,
  autoattack: AutoattackParameters,
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
  'hop-skip-jump': HopSkipJumpParameters;
  'worst-case': WorstCaseParameters;
  autoattack: AutoattackParameters;
}
