/**
 * Doorstep as it is, but for one thing: the pages that ask for a security key offer the demo key,
 * too (scripts/demo-key/). The product knows nothing of that, so its server is met on the way.
 */
import http, { type RequestListener, type ServerOptions } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';

import { withDemoKey } from '../demo-key/serve.ts';

if (process.env.NODE_ENV === 'production') {
  throw new Error('The demo key is a toy: everybody knows its secrets.');
}

const { createServer } = http;
Object.assign(http, {
  createServer: (options: ServerOptions, answer: RequestListener) =>
    createServer(options, withDemoKey(answer)),
});
syncBuiltinESMExports();

await import('../../src/main.ts');
