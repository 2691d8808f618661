import { Type, type Static } from 'typebox';
import { CleverResult } from './clever.js';
import { InputGradientResult } from './input-gradient.js';
import { LogitsResult } from './logits.js';
import { LossSensitivityResult } from './loss-sensitivity.js';
import { Provenance } from './provenance.js';

const kind = Type.Literal('measure');

/** The result of a measure job, under the name of its metric. */
export const MeasureResult = Type.Union([
  Type.Object({ kind, input_gradient: InputGradientResult, provenance: Provenance }),
  Type.Object({ kind, logits: LogitsResult, provenance: Provenance }),
  Type.Object({ kind, loss_sensitivity: LossSensitivityResult, provenance: Provenance }),
  Type.Object({ kind, clever: CleverResult, provenance: Provenance }),
]);
export type MeasureResult = Static<typeof MeasureResult>;
