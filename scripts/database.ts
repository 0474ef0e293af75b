/**
 * The embedded database as a process of its own, so that several others can share it:
 * `node scripts/database.ts --data DIR`. Prints its connection string once it can be used, and
 * with --tell-scans every command that no index served.
 */
import { parseArgs } from 'node:util';

import { startEmbeddedDatabase } from '../src/database/embedded/index.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'data' },
    'tell-scans': { type: 'boolean', default: false },
  },
});

const database = await startEmbeddedDatabase({
  directory: values.data,
  onError: (error) => console.error(error),
  ...(values['tell-scans'] && {
    onScan: (command, namespace) => console.log(`scan ${command} ${namespace}`),
  }),
});
if (!database.owner) {
  console.error(`${values.data} belongs to another process, which answers at ${database.uri}`);
  process.exit(1);
}
console.log(database.uri);

const stop = (): void => void database.stop();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop);
// Whoever started it for itself alone, such as the bench, has gone, however it went.
process.once('disconnect', stop);
process.channel?.unref();
