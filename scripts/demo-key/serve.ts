/**
 * Puts the demo key in front of a Doorstep: serves its script, and names it in those pages that
 * ask for a key. Only the demo does so (scripts/dev/doorstep.ts).
 */
import { readFileSync } from 'node:fs';
import type { RequestListener, ServerResponse } from 'node:http';

import { demoPeople } from '../demo-people.ts';

const SCRIPT = '<script src="/demo-key/demo-key.js" type="module"></script>';
/** Before the page's own scripts, which then find it in the browser's place. */
const PLACE = '</head>';
const ASKS_FOR_A_KEY = '<form class="key';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

const fromTheStart = demoPeople.flatMap(({ username, key }) => (key ? { username, ...key } : []));

const files = new Map([
  ...['demo-key.js', 'authenticator.js', 'chooser.js', 'held.js', 'words.js'].map(
    (name) => [name, read(name)] as const,
  ),
  ['people.js', `export const fromTheStart = ${JSON.stringify(fromTheStart)};\n`],
]);

export const withDemoKey =
  (answer: RequestListener): RequestListener =>
  (request, response) => {
    const file = files.get(/^\/demo-key\/(.+)$/.exec(request.url ?? '')?.[1] ?? '');
    if (file === undefined || request.method !== 'GET') {
      addScript(response);
      answer(request, response);
      return;
    }
    response.writeHead(200, { 'Content-Type': 'text/javascript', 'Cache-Control': 'no-store' });
    response.end(file);
  };

/** A page is sent in one piece, after its headers were set. */
function addScript(response: ServerResponse): void {
  const end = response.end.bind(response) as (...given: unknown[]) => ServerResponse;
  response.end = (...[body, ...rest]: unknown[]) => {
    if (typeof body !== 'string' || !body.includes(ASKS_FOR_A_KEY)) return end(body, ...rest);
    const page = body.replace(PLACE, `  ${SCRIPT}\n  ${PLACE}`);
    response.setHeader('Content-Length', Buffer.byteLength(page));
    return end(page, ...rest);
  };
}
