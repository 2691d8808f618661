import { Random } from '@retort/random';
import type { Examples } from '../../examples.js';
import { conv, dense, dropout, flatten, type Architecture } from '../../nets/architecture.js';

const side = 6;
const classes = 3;

/** A net small enough for the plain JavaScript engine, with every kind of place that training knows. */
export const tiny: Architecture = {
  name: 'tiny',
  layers: [conv(3, 3, { stride: 2 }), flatten(), dense(8), dropout()],
};

/** Images of a bright bar in one of three pairs of rows, under noise; which pair is the class. Labels go 0, 1, 2, 0, 1, 2 and so on. */
export function bars(count: number, seed: number): Examples {
  const random = Random.stream(seed, 'bars');
  const labels = Uint8Array.from({ length: count }, (_, index) => index % classes);
  const images = Float32Array.from({ length: count * side * side }, (_, at) => {
    const row = Math.floor((at % (side * side)) / side);
    const lit = Math.floor(row / 2) === labels[Math.floor(at / (side * side))];
    return (lit ? 0.5 : 0) + 0.5 * random.uniform();
  });
  return { images, labels, count, inputShape: [side, side, 1], classes };
}
