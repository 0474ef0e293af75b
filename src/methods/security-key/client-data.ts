/**
 * What the library leaves open of the browser's own part of an answer (WebAuthn §5.8.1).
 */
import { z } from 'zod';

const clientData = z.looseObject({
  crossOrigin: z.boolean().exactOptional(),
  topOrigin: z.unknown().exactOptional(),
});

// What browsers write is UTF-8 throughout; the library reads anything as if it were.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Whether it was made on a page of ours, and not in a frame of somebody else's. */
export function isOfOurPage(clientDataJSON: string): boolean {
  const text = utf8.decode(Buffer.from(clientDataJSON, 'base64url'));
  const { crossOrigin, topOrigin } = clientData.parse(JSON.parse(text));
  return crossOrigin !== true && topOrigin === undefined;
}
