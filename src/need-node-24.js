/**
 * Says in one sentence what an older Node would say in twenty lines. In plain JavaScript,
 * because an older Node cannot read anything else here; `node --import` runs it before that.
 */
import { exit, stderr, versions } from 'node:process';

if (Number.parseInt(versions.node) < 24) {
  stderr.write(`Doorstep needs Node 24 or newer; this is Node ${versions.node}.\n`);
  exit(1);
}
