import { attacks } from './attacks/part.js';
import { cancels } from './cancels/part.js';
import { children } from './children/part.js';
import { engines } from './engines/part.js';
import { parity } from './parity/part.js';
import { profile } from './profile/part.js';
import { growth, queue } from './queue/part.js';
import { shards } from './shards/part.js';
import type { Part } from './part.js';

/** Everything that can be measured, in the order in which it is. */
export const parts: readonly Part[] = [engines, children, attacks, profile, queue, growth, shards, cancels, parity];
