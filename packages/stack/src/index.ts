export { StackRunningError } from './data-folder/lock.js';
export { DataFolderError } from './data-folder/make.js';
export { readRunningStack, type StackAddresses } from './data-folder/running-stack.js';
export { startStack, type Stack, type StackOptions } from './start-stack.js';
