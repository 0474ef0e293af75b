/**
 * Makers of keys, who vouch for them by certificates (RFC 5280, WebAuthn §8.2.1), new in each run.
 * Written by hand, because Node makes none, and openssl is not on every machine.
 */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

import type { Twist } from './authenticator.ts';
import type { CborValue } from './cbor.ts';
import { bits, der, hex, oid, sequence } from './der.ts';
import { statementOf } from './key-defects.ts';

export interface Issued {
  readonly raw: Buffer;
  readonly key: KeyObject;
  readonly name: Buffer;
}

interface Wanted {
  /** Who issues it; itself where nobody does. */
  readonly by?: Issued;
  readonly isCa?: boolean;
  readonly years?: readonly [string, string];
  /** Which model it says to be of. */
  readonly aaguid?: string;
}

const ATTRIBUTES = { C: '550406', O: '55040a', OU: '55040b', CN: '550403' } as const;
let serial = 1;

export function issue(commonName: string, wanted: Wanted = {}): Issued {
  const { by, isCa = false, years = ['2000', '2049'], aaguid } = wanted;
  const { privateKey: key, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = nameOf({ C: 'DE', O: 'Maker', OU: 'Authenticator Attestation', CN: commonName });
  const algorithm = sequence(oid('2a8648ce3d040302'));
  const constraints = sequence(...(isCa ? [der(0x01, hex('ff'))] : []));
  const extensions = [
    sequence(oid('551d13'), der(0x01, hex('ff')), der(0x04, constraints)),
    ...(aaguid === undefined
      ? []
      : [sequence(oid(FIDO_AAGUID), der(0x04, der(0x04, hex(bare(aaguid)))))]),
  ];
  const body = sequence(
    der(0xa0, der(0x02, hex('02'))),
    der(0x02, Buffer.from([(serial += 1)])),
    ...[algorithm, by?.name ?? name, sequence(...years.map(newYear)), name],
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const raw = sequence(body, algorithm, bits(sign('sha256', body, by?.key ?? key)));
  return { raw, key, name };
}

const FIDO_AAGUID = '2b0601040182e51c010104';
const bare = (aaguid: string): string => aaguid.replaceAll('-', '');
const newYear = (year: string): Buffer => der(0x17, Buffer.from(`${year.slice(2)}0101000000Z`));
const nameOf = (said: Readonly<Record<keyof typeof ATTRIBUTES, string>>): Buffer =>
  sequence(
    ...Object.entries(said).map(([kind, text]) => {
      const type = oid(ATTRIBUTES[kind as keyof typeof ATTRIBUTES]); // of this very list
      return der(0x31, sequence(type, der(kind === 'C' ? 0x13 : 0x0c, Buffer.from(text))));
    }),
  );

export const pemOf = ({ raw }: Issued): string =>
  `-----BEGIN CERTIFICATE-----\n${raw.toString('base64')}\n-----END CERTIFICATE-----\n`;

/** The key's own certificate first, signed by whoever has its private key. */
export const vouchedFor = (...chain: readonly Issued[]): Twist => ({
  format: 'packed',
  attests: (data) =>
    new Map<string, CborValue>([
      ...statementOf(sign('sha256', data, chain[0]?.key ?? '')),
      ['x5c', chain.map(({ raw }) => raw)],
    ]),
});
