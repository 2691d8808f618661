import { Type, type Static } from 'typebox';
import { InputGradientResult } from './input-gradient.js';
import { Provenance } from './provenance.js';

/** The result of a measure job. */
export const MeasureResult = Type.Object({
  kind: Type.Literal('measure'),
  input_gradient: InputGradientResult,
  provenance: Provenance,
});
export type MeasureResult = Static<typeof MeasureResult>;
