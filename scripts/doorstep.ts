/**
 * The command line: people, apps and more of an installation, in the database that its
 * settings name. Works beside a running service. What it does is in src/administration;
 * in doorstep/ is only how that is asked for and shown.
 */
import '../src/need-node-24.js';

import { commandLine } from './doorstep/command-line.ts';

// Whoever reads has seen enough (`| head`), which is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});
await commandLine(process.argv.slice(2), process);
