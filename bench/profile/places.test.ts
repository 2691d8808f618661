import { expect, it } from 'vitest';
import { sharesOf } from './places.js';

function node(hitCount: number, functionName: string, url = '') {
  return { id: 1, hitCount, callFrame: { functionName, scriptId: '1', url, lineNumber: 1, columnNumber: 1 } };
}

it('shares the samples out by the function that ran, the largest share first', () => {
  const nodes = [
    node(0, '(root)'),
    node(1, '(garbage collector)'),
    node(1, 'writeBuffer'),
    node(2, 'step', 'file:///retort/packages/lab/dist/attacks/cw-l2.js'),
    node(1, 'makeTensor', 'file:///retort/node_modules/@tensorflow/tfjs-core/dist/tf-core.node.js'),
    node(5, 'wasm-function[12]', 'wasm://wasm/0123abcd'),
  ];
  const shares = sharesOf({ nodes });
  expect([...shares.keys()].slice(0, 2)).toEqual(['WebAssembly', "Retort's lab"]);
  expect(Object.fromEntries(shares)).toEqual({
    WebAssembly: 0.5,
    "Retort's lab": 0.2,
    'TensorFlow.js': 0.1,
    'Node and native code': 0.1,
    'garbage collection': 0.1,
  });
});
