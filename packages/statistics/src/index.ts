export { bootstrapInterval, bootstrapIntervals, RESAMPLES } from './bootstrap.js';
export { distributionOf, estimatedDistributionOf } from './distribution.js';
export { kolmogorovSmirnov } from './kolmogorov-smirnov.js';
export { mcNemar, type McNemar } from './mcnemar.js';
export { quantile } from './quantile.js';
export { rateOf, rateOfTrue } from './rate.js';
export { fitReverseWeibull, reverseWeibullCdf, type ReverseWeibull } from './reverse-weibull.js';
