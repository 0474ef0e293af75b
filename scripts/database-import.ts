/**
 * Brings back what database:export wrote, into the database that the settings name.
 */
import '../src/need-node-24.js';

import { copying } from './database-copy/copying.ts';
import { importDatabase } from './database-copy/import.ts';
import { run } from './doorstep/run.ts';

const help = `Usage: npm run database:import -- <folder>

Reads what database:export wrote into the database that the settings name (MONGODB_URI for
a MongoDB), indexes first. It can be run again: documents that are there as they are in the
folder are passed over, and one that differs ends it; nothing is overwritten.
`;

await run(() =>
  copying(help, async (database, folder) =>
    [...(await importDatabase(database, folder))].map(([name, { added, present }]) => [
      name,
      `${added} added`,
      `${present} were there`,
    ]),
  ),
);
