/**
 * What the browser sends back: the JSON of WebAuthn §5.1.8, as the form's field says it, and the
 * name that the person gave.
 */
import { z } from 'zod';

import { credentialId, encoded, keyName } from '../../credentials/security-key.ts';

/** A statement of its maker may be long; what a key answers with is not. */
const LONGEST_MADE = 64 * 1024;
const LONGEST_USED = 4096;

const json = z
  .string()
  .max(LONGEST_MADE)
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue('is no JSON');
      return z.NEVER;
    }
  });

const anyKey = {
  id: credentialId,
  type: z.literal('public-key'),
  clientExtensionResults: z.object({}).default({}),
};

const made = z.object({
  ...anyKey,
  response: z.object({
    clientDataJSON: encoded(LONGEST_MADE),
    attestationObject: encoded(LONGEST_MADE),
    transports: z.array(z.string().max(32)).max(16).default([]),
  }),
});

const used = z.object({
  ...anyKey,
  response: z.object({
    clientDataJSON: encoded(LONGEST_USED),
    authenticatorData: encoded(LONGEST_USED),
    signature: encoded(LONGEST_USED),
    // Some say that they have none by an empty one.
    userHandle: z.union([encoded(100), z.literal('').transform(() => undefined)]).exactOptional(),
  }),
});

export type MadeKey = z.infer<typeof made>;
export type UsedKey = z.infer<typeof used>;

export const keyAnswer = z.object({
  response: json.pipe(z.union([made, used])),
  name: keyName.exactOptional(),
});

export type KeyAnswer = z.infer<typeof keyAnswer>;

export const isMade = (response: KeyAnswer['response']): response is MadeKey =>
  'attestationObject' in response.response;
