/**
 * What the library leaves open of the browser's own part of an answer (WebAuthn §5.8.1).
 */
import { z } from 'zod';

const clientData = z.looseObject({
  crossOrigin: z.boolean().exactOptional(),
  topOrigin: z.unknown().exactOptional(),
});

/** Whether it was made on a page of ours, and not in a frame of somebody else's. */
export function isOfOurPage(clientDataJSON: string): boolean {
  const text = Buffer.from(clientDataJSON, 'base64url').toString('utf8');
  const { crossOrigin, topOrigin } = clientData.parse(JSON.parse(text));
  return crossOrigin !== true && topOrigin === undefined;
}
