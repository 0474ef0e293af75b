/**
 * Pairing the approver: it joins by a code of 128 bits that a page shows, once, and by a
 * signature that proves that it holds the key it names. Until its first question is answered
 * it is a draft like any other.
 */
import { generateSecret } from 'otplib';
import { z } from 'zod';

import { isSignedBy } from '../lib/device-signature.ts';
import { bareCode } from '../lib/visible.ts';
import { newApp, type StoredApp } from './app.ts';
import type { Adding } from './kind.ts';
import { qrOf } from './qr.ts';

export const pairing: Adding<StoredApp, object> = {
  form: z.object({}),
  isOnDevice: true,
  draft: async (_form, { vault }) => newApp(vault),
  async show(_stored, { pairing }) {
    if (!pairing) return {};
    const { code, address } = pairing;
    return { code, address, qr: await qrOf(`${address}#${code}`) };
  },
  join: (stored, { code, key, name, signature }) =>
    isSignedBy(key, ['doorstep/pair', code, key], signature)
      ? { ...stored, device: { key, counter: 0, ...(name !== undefined && { name }) } }
      : undefined,
};

/** As typed from a page or read from a picture: case, groups and look-alikes do not matter. */
export const readPairingCode = (typed: string): string =>
  bareCode(typed).toUpperCase().replaceAll('0', 'O').replaceAll('1', 'I').replaceAll('8', 'B');

/** 128 bits as 26 characters of base 32 (RFC 4648 §6). */
export const newPairingCode = (): string => generateSecret({ length: 16 });
