import { describe, expect, it } from 'vitest';
import { stepSizeCheckpoints } from './step-size-checkpoints.js';

describe('the checkpoints of the step size', () => {
  it("are the paper's for a hundred iterations", () => {
    expect(stepSizeCheckpoints(100)).toEqual([22, 41, 57, 70, 80, 87, 93, 99]);
  });

  it('are the shares of any number of iterations, rounded up', () => {
    expect(stepSizeCheckpoints(1000)).toEqual([220, 410, 570, 700, 800, 870, 930, 990]);
    expect(stepSizeCheckpoints(40)).toEqual([9, 17, 23, 28, 32, 35, 38, 40]);
  });

  it('come once each where iterations are few', () => {
    expect(stepSizeCheckpoints(5)).toEqual([2, 3, 4, 5]);
    expect(stepSizeCheckpoints(1)).toEqual([1]);
  });
});
