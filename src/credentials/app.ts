/**
 * An authenticator app: a seed that it and we share (RFC 6238), sealed as soon as it exists
 * and shown only while it is added.
 */
import { generateSecret } from 'otplib';
import { z } from 'zod';

import type { CredentialKind, DraftPorts } from './kind.ts';

type StoredApp = z.infer<typeof stored>;

const stored = z.object({
  /** Base 32 under its seal. */
  seed: z.string(),
  /** The newest time step that was accepted; it and all before it are spent. */
  lastStep: z.int(),
});

export const app = {
  id: 'app',
  stored,
  most: 5,
  hint: () => undefined,
  adding: {
    form: z.object({}),
    // 160 bits, as RFC 4226 recommends (R6).
    draft: async (_form, { vault }) => ({
      seed: vault.seal(generateSecret({ length: 20 })),
      lastStep: 0,
    }),
    show: async ({ seed }, { vault, issuer, account }) => {
      const { renderSVG } = await import('uqr');
      const secret = vault.open(seed);
      const uri = otpauthUri({ secret, issuer, account });
      const qr = `data:image/svg+xml,${encodeURIComponent(renderSVG(uri, { border: 4 }))}`;
      return { secret, uri, qr, issuer: withoutColon(issuer), account: withoutColon(account) };
    },
  },
} satisfies CredentialKind<StoredApp, object>;

/** What a QR code for an authenticator app says. */
export function otpauthUri(
  app: Pick<DraftPorts, 'issuer' | 'account'> & { secret: string },
): string {
  const [issuer, account] = [app.issuer, app.account].map(withoutColon).map(encodeURIComponent);
  return `otpauth://totp/${issuer}:${account}?secret=${app.secret}&issuer=${issuer}`;
}

// Apps split the label at its first colon, escaped or not, so no part may have one of its own;
// half a surrogate pair, which an imported name may hold, cannot be escaped at all.
const withoutColon = (text: string): string => text.toWellFormed().replaceAll(':', ' ');
