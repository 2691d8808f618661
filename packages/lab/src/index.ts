export type { Attack, AttackContext, AttackOutcome, MemberCount } from './attacks/attack.js';
export { attackNamed, attacks } from './attacks/attacks.js';
export type { AttackCheckpoint } from './attacks/checkpoint.js';
export { mergeOutcomes } from './attacks/merge.js';
export { transferConfidence } from './attacks/transfer-confidence.js';
export { BatchSize } from './batch-size.js';
export { chooseBatchSize } from './choose-batch-size.js';
export { deployAt, exampleClasses, type Classifier } from './classifier.js';
export { mergeBlows, type BlowRecord } from './evaluation/blows.js';
export {
  evaluate,
  evaluatePart,
  type Evaluated,
  type EvaluateOptions,
  type EvaluationCheckpoint,
} from './evaluation/evaluate.js';
export { assertExamples, type Examples } from './examples.js';
export { exactGradients, type ExactGradients } from './gradients/exact-gradients.js';
export { exactInputGradient, type ScaledGradient } from './gradients/exact-input-gradient.js';
export { lossGradients } from './gradients/loss-gradients.js';
export { lossNamed, type Loss } from './losses/loss.js';
export { accuracyCurve } from './metrics/accuracy-curve.js';
export { accuracy } from './metrics/accuracy.js';
export { attackMetrics } from './metrics/attack-metrics.js';
export { calibration } from './metrics/calibration.js';
export { classHistogram } from './metrics/class-histogram.js';
export { clever, type CleverCheckpoint } from './metrics/clever.js';
export { distanceBetween, type Distance } from './metrics/distance.js';
export { exampleRecord } from './metrics/example-record.js';
export { inputGradient } from './metrics/input-gradient.js';
export { logitStatistics } from './metrics/logit-statistics.js';
export { lossSensitivity } from './metrics/loss-sensitivity.js';
export { distributionOf, mcNemar, rateOf, rateOfTrue, type McNemar } from '@retort/statistics';
export { worstCase } from './metrics/worst-case.js';
export { architectures } from './nets/architectures.js';
export type { Architecture, Layer } from './nets/architecture.js';
export type { Dropout } from './nets/dropout.js';
export { createNet, type Net, type Parameter } from './nets/net.js';
export { largestLogits, predictLabels, predictLogits } from './predict.js';
export type { Checkpoint } from './training/checkpoint.js';
export { expectationOver } from './randomised/expectation.js';
export { withInputNoise } from './randomised/input-noise.js';
export { mostFrequentLabels } from './randomised/most-frequent-labels.js';
export { softLabels } from './training/distill.js';
export { extendedLabels, type ExtendedDistillation } from './training/extended-distill.js';
export { TrainingFailure, type TrainingEvidence } from './training/failure.js';
export { learningRateAt } from './training/learning-rate.js';
export type { EpochReport, StepReport, TrainingOutcome } from './training/report.js';
export { softmaxAt } from './training/softmax.js';
export { oneHot } from './training/targets.js';
export { train, type TrainingOptions } from './training/train.js';
export { verifyImages, VERIFICATION_TOLERANCE } from './verification/verify-images.js';
export { encodeSafetensors, SafetensorsError } from './weights/safetensors.js';
export { decodeWeights, encodeWeights, loadNet, type DecodedWeights } from './weights/weights.js';
