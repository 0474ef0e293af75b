/**
 * What is posted to the handset, within reason; what is too long or no JSON is as if it were
 * empty.
 */
import type { IncomingMessage } from 'node:http';
import { text as readText } from 'node:stream/consumers';

const MOST_BYTES = 16 * 1024;

export async function readJson(request: IncomingMessage): Promise<unknown> {
  const length = Number(request.headers['content-length'] ?? MOST_BYTES + 1);
  if (length > MOST_BYTES) return {};
  try {
    return JSON.parse(await readText(request));
  } catch {
    return {};
  }
}
