/**
 * Copies the database that the settings name into a folder, in the form that mongoimport reads.
 */
import '../src/need-node-24.js';

import { copying } from './database-copy/copying.ts';
import { exportDatabase } from './database-copy/export.ts';
import { run } from './doorstep/run.ts';

const help = `Usage: npm run database:export -- <folder>

Writes one file for each collection of the database that the settings name (those of the
service: set the same variables), a line of MongoDB Extended JSON for each document, as
mongoimport reads it; and contents.json, which lists collections and indexes. The files
hold everything that the database holds: keep them as safe. Stop the service before, or
what changes meanwhile may be missing.
`;

await run(() =>
  copying(help, async (database, folder) => {
    const copied = Object.entries(await exportDatabase(database, folder));
    return copied.map(([name, { documents }]) => [name, `${documents} documents`]);
  }),
);
