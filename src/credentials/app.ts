/**
 * An authenticator app: a seed that it and we share (RFC 6238), sealed as soon as it exists
 * and shown only while it is added. The approver is one that holds a key besides, by which it
 * answers questions; how it is paired is said in approver-app.ts.
 */
import { generateSecret } from 'otplib';
import { z } from 'zod';

import type { CredentialKind, DraftPorts, Vault } from './kind.ts';
import { qrOf } from './qr.ts';

export type StoredApp = z.infer<typeof stored>;
export type Device = z.infer<typeof device>;

/** A phone or another device with an approver on it. */
const device = z.object({
  /** Its public P-256 key: SPKI, base64url. */
  key: z.string(),
  /** Of the newest answer that counted; it and all before it are spent. */
  counter: z.int(),
  /** The question that it approved last: asked again by a device that did not hear our answer. */
  approved: z.string().exactOptional(),
  /** As its owner calls it, or `Chrome, Android`. */
  name: z.string().exactOptional(),
  /** Where it is woken, under its seal. */
  push: z.string().exactOptional(),
  /** It could not be woken any more, and has not been told so yet. */
  isPushLost: z.literal(true).exactOptional(),
});

const stored = z.object({
  /** Base 32 under its seal. */
  seed: z.string(),
  /** The newest time step that was accepted; it and all before it are spent. */
  lastStep: z.int(),
  device: device.exactOptional(),
});

export const app = {
  id: 'app',
  stored,
  most: 5,
  hint: ({ device }) => device?.name,
  adding: {
    form: z.object({}),
    isOnDevice: true,
    draft: async (_form, { vault }) => newApp(vault),
    show: async ({ seed }, { vault, issuer, account }) => {
      const secret = vault.open(seed);
      const uri = otpauthUri({ secret, issuer, account });
      return {
        secret,
        uri,
        qr: await qrOf(uri),
        issuer: withoutColon(issuer),
        account: withoutColon(account),
      };
    },
  },
} satisfies CredentialKind<StoredApp, object>;

/** 160 bits, as RFC 4226 recommends (R6). */
export const newApp = (vault: Pick<Vault, 'seal'>): StoredApp => ({
  seed: vault.seal(generateSecret({ length: 20 })),
  lastStep: 0,
});

/**
 * What a picture says may be so long at most: version 12 of QR codes at level L, 73 modules with
 * their margin. At the 168 pixels of the page a module is then 2.3 wide; finer ones blur in the
 * camera of a phone that is held at arm's length.
 */
const MOST_BYTES = 367;
/** The issuer stands in it twice: the rest is for the account. */
const MOST_OF_ISSUER = 90;

/** What a QR code for an authenticator app says; of long names their beginning. */
export function otpauthUri(
  app: Pick<DraftPorts, 'issuer' | 'account'> & { secret: string },
): string {
  const issuer = escaped(withoutColon(app.issuer), MOST_OF_ISSUER);
  const uriFor = (account: string): string =>
    `otpauth://totp/${issuer}:${account}?secret=${app.secret}&issuer=${issuer}`;
  return uriFor(escaped(withoutColon(app.account), MOST_BYTES - uriFor('').length));
}

/** Cut between what people see as letters, never within one; a cut is shown. */
function escaped(text: string, most: number): string {
  const whole = encodeURIComponent(text);
  if (whole.length <= most) return whole;
  const more = encodeURIComponent('…');
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    const longer = kept + encodeURIComponent(segment);
    if (longer.length + more.length > most) break;
    kept = longer;
  }
  return kept + more;
}

// Apps split the label at its first colon, escaped or not, so no part may have one of its own;
// half a surrogate pair, which an imported name may hold, cannot be escaped at all.
const withoutColon = (text: string): string => text.toWellFormed().replaceAll(':', ' ');
