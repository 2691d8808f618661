import { describe, expect, it } from 'vitest';
import { peerEnvironment } from './environment.js';

describe('peerEnvironment', () => {
  it('is absent where no variable names one, and refuses what does not exist', () => {
    expect(peerEnvironment({ RETORT_PEERS_PYTHON: '' })).toBeUndefined();
    expect(peerEnvironment({ RETORT_PEERS_PYTHON: process.execPath })).toEqual({ python: process.execPath });
    expect(() => peerEnvironment({ RETORT_PEERS_PYTHON: '/no/python' })).toThrow(
      /RETORT_PEERS_PYTHON is \/no\/python, which does not exist.*torch, numpy and scipy/s,
    );
  });
});
