module.exports = require('../tfjs/index.cjs');
