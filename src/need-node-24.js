/**
 * Runs before everything else, by `node --import`. Says in one sentence what an older Node
 * would say in twenty lines, and is plain JavaScript because that one reads nothing else; then
 * keeps the compiled code for the next start, which takes less time and memory with it.
 */
import module from 'node:module';
import { join } from 'node:path';
import { exit, stderr, versions } from 'node:process';

if (Number.parseInt(versions.node) < 24) {
  stderr.write(`Doorstep needs Node 24 or newer; this is Node ${versions.node}.\n`);
  exit(1);
}

// Node runs what it finds there: so beside the code, where only those write who could as well
// change the code itself, and not in Node's own choice below /tmp. Where it cannot be written,
// Node goes on without; NODE_COMPILE_CACHE names another place. By the name of the module,
// since an older Node refuses to import a function that it does not have.
module.enableCompileCache(join(import.meta.dirname, '../build/code-cache'));
