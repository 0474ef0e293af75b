/**
 * The command line: people, apps and more of an installation, in the database that its
 * settings name. Works beside a running service. What it does is in src/administration;
 * in doorstep/ is only how that is asked for and shown.
 */
import '../src/need-node-24.js';

import { commandLine } from './doorstep/command-line.ts';

await commandLine(process.argv.slice(2), process);
