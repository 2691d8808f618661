import type { Part } from '../part.js';
import { compareWithPeers } from './compare-with-peers.js';
import { table } from './table.js';

export const parity: Part = {
  name: 'parity',
  about: 'success and distance of every attack beside its peers, at equal budgets (of 40 examples, 10 with --quick)',
  usual: false,
  async run({ quick, net, examples = quick ? 10 : 40, only, ...conditions }) {
    const results = await compareWithPeers({ architecture: net, examples, only }, conditions);
    return { markdown: table(results.rows), results };
  },
};
