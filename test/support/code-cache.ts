/**
 * Required by mocha before it starts anything: every process that is started from here keeps
 * compiled code for the next, in the place where the product keeps its own. Not where coverage is
 * measured, which wants code as V8 compiles it first.
 */
import { resolve } from 'node:path';

if (process.env.NODE_V8_COVERAGE === undefined) {
  process.env.NODE_COMPILE_CACHE ??= resolve(import.meta.dirname, '../../build/code-cache');
}
