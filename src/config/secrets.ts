/**
 * The shape of our secrets. They come from variables, from files that variables name, or,
 * outside production, from the data directory; never from a file of settings in a repository.
 */
import { z } from 'zod';

import { Jwks } from '../lib/jwks.ts';
import { VapidKey } from '../lib/vapid.ts';

const FEWEST_BYTES = 32;

const secret = z
  .string()
  .refine((text) => Buffer.byteLength(text) >= FEWEST_BYTES, 'must have at least 32 bytes');

/** The newest first: it signs or seals, the others only verify or open. */
const secretList = z.array(secret).min(1, 'must hold at least one');

export const secrets = z.strictObject({
  cookieKeys: secretList,
  encryptionKeys: secretList,
  // One value, whatever is in it: nobody sets a part of a key.
  jwks: z
    .unknown()
    .refine((value) => typeof value === 'object', {
      error: 'must be a key set in JSON, as npm run secrets writes it',
      abort: true,
    })
    .pipe(Jwks),
  vapidKey: VapidKey.exactOptional(),
});

export type Secrets = z.infer<typeof secrets>;
