import type { LogitsResult } from '@retort/contracts';
import { bootstrapInterval, rateOf } from '@retort/statistics';

/** The bins of Guo et al. (2017). */
const BINS = 15;

/**
 * How well confidences agree with what is right: the expected calibration error (Guo et al. 2017, arXiv 1706.04599), 15 bins.
 *
 * @param confidences the probability of each predicted class, in (0, 1]
 * @param correct whether each prediction is right
 */
export function calibration(confidences: readonly number[], correct: readonly boolean[]): LogitsResult['calibration'] {
  const binOf = (confidence: number) => Math.min(BINS - 1, Math.max(0, Math.ceil(confidence * BINS) - 1));
  const bins = Array.from({ length: BINS }, (_, bin) => {
    const members = confidences.flatMap((confidence, at) => (binOf(confidence) === bin ? [at] : []));
    const sum = members.reduce((total, at) => total + confidences[at]!, 0);
    return {
      above: bin / BINS,
      confidence: members.length ? sum / members.length : 0,
      accuracy: rateOf(members.filter((at) => correct[at]).length, members.length),
    };
  });
  const errorOf = (drawn: ArrayLike<number>) => {
    // In each bin, how many were right minus how many should have been.
    const excess = new Float64Array(BINS);
    for (let place = 0; place < drawn.length; place++) {
      const at = drawn[place]!;
      excess[binOf(confidences[at]!)]! += Number(correct[at]) - confidences[at]!;
    }
    return excess.reduce((sum, value) => sum + Math.abs(value), 0) / drawn.length;
  };
  const all = confidences.map((_, at) => at);
  return { error: errorOf(all), error_interval: bootstrapInterval(all.length, errorOf), bins };
}
