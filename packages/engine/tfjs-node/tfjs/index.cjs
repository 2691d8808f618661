// An installed engine lies outside node_modules and finds no TensorFlow.js by itself; and one of its own would keep its
// own registry of backends. Retort hands it the one that everything else is computed with.
const tfjs = globalThis[Symbol.for('retort.tfjs')];
if (!tfjs) throw new Error('this engine is loaded by Retort: startEngine of @retort/engine');
module.exports = tfjs;
