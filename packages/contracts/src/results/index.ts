import { Type, type Static } from 'typebox';
import { AttackResult } from './attack-result.js';
import { EvaluateResult } from './evaluate-result.js';
import { MeasureResult } from './measure-result.js';
import { ModelResult } from './model-result.js';

export * from './accuracy-curve.js';
export * from './attack-metrics.js';
export * from './attack-result.js';
export * from './clever.js';
export * from './distribution.js';
export * from './evaluate-result.js';
export * from './example-record.js';
export * from './input-gradient.js';
export * from './interval.js';
export * from './logits.js';
export * from './loss-sensitivity.js';
export * from './measure-result.js';
export * from './model-result.js';
export * from './provenance.js';
export * from './rate.js';
export * from './verification.js';

/** What a job that succeeded found. */
export const JobResult = Type.Union([ModelResult, MeasureResult, AttackResult, EvaluateResult]);
export type JobResult = Static<typeof JobResult>;
