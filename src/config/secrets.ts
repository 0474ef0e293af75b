/**
 * The shape of our secrets. They come from variables, from files that variables name, or,
 * outside production, from the data directory; never from a file of settings in a repository.
 */
import { z } from 'zod';

import { type Jwks, parseJwks } from '../oidc/keys.ts';

const FEWEST_BYTES = 32;

const secret = z
  .string()
  .refine((text) => Buffer.byteLength(text) >= FEWEST_BYTES, 'must have at least 32 bytes');

/** The newest first: it signs or seals, the others only verify or open. */
const secretList = z.array(secret).min(1, 'must hold at least one');

const jwks = z.unknown().transform((keys, context): Jwks => {
  try {
    return parseJwks(JSON.stringify(keys));
  } catch (error) {
    const issues = error instanceof z.ZodError ? error.issues : [{ path: [], message: '' }];
    for (const { path, message } of issues) {
      context.addIssue({
        code: 'custom',
        path: [...path],
        message: message || 'must be a key set',
      });
    }
    return z.NEVER;
  }
});

export const secrets = z.strictObject({
  cookieKeys: secretList,
  encryptionKeys: secretList,
  jwks,
});

export type Secrets = z.infer<typeof secrets>;
