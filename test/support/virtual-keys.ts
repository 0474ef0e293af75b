/**
 * Keys that the browser itself plays (WebDriver's virtual authenticators, WebAuthn §11), by the
 * protocol that Chromium's developer tools speak.
 */
import type { Authenticator } from './authenticator.ts';
import type { Tab } from './browser.ts';

interface Wanted {
  /** In the computer itself, or on a stick. */
  readonly transport?: 'internal' | 'usb';
  readonly isResident?: boolean;
  readonly verifiesUser?: boolean;
  /** A key that it has already. */
  readonly with?: Authenticator;
}

interface HeldKey {
  readonly credentialId: string;
  readonly signCount: number;
}

/** Plugs one in, and says how it is handled. */
export async function plugIn({ page }: Tab, wanted: Wanted = {}) {
  const { transport = 'internal', isResident = true, verifiesUser = true } = wanted;
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport, automaticPresenceSimulation: true },
      hasResidentKey: isResident,
      hasUserVerification: verifiesUser,
      isUserVerified: verifiesUser,
    },
  });
  for (const { id, key, userHandle, count } of wanted.with?.made ?? []) {
    const credential = {
      ...{ credentialId: base64(id), isResidentCredential: isResident, rpId: 'localhost' },
      privateKey: key.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
      ...{ userHandle: base64(userHandle), signCount: count },
    };
    await session.send('WebAuthn.addCredential', { authenticatorId, credential });
  }
  const held = async () =>
    (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials;
  return {
    held: async (): Promise<readonly HeldKey[]> => held(),
    /** As a copy of it would say that was made then. */
    async countsFrom(signCount: number): Promise<void> {
      for (const credential of await held()) {
        const { credentialId } = credential;
        await session.send('WebAuthn.removeCredential', { authenticatorId, credentialId });
        const older = { ...credential, signCount };
        await session.send('WebAuthn.addCredential', { authenticatorId, credential: older });
      }
    },
  };
}

/** As the developer tools write bytes. */
const base64 = (encoded: string): string => Buffer.from(encoded, 'base64url').toString('base64');
