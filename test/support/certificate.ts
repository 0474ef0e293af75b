/**
 * One certificate for all TLS servers that tests open on loopback, signed by itself, new in each
 * run. Written by hand (RFC 5280), because Node makes none, and openssl is not on every machine.
 */
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';

import { bits, der, hex, oid, sequence } from './der.ts';

/** The private key, and what vouches for it: PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

let made: (Certificate & { readonly file: string }) | undefined;

/** The one that this process trusts from here on; `file` is for NODE_EXTRA_CA_CERTS of others. */
export function theCertificate(): Certificate & { readonly file: string } {
  if (made) return made;
  const { key, cert } = makeCertificate();
  const directory = mkdtempSync(join(tmpdir(), 'doorstep-certificate-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'certificate.pem');
  writeFileSync(file, cert);
  setDefaultCACertificates([...getCACertificates('default'), cert]);
  return (made = { key, cert, file });
}

/** One that nobody trusts. */
export function makeCertificate(): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
  const commonName = der(0x0c, Buffer.from('doorstep tests'));
  const name = sequence(der(0x31, sequence(oid('550403'), commonName)));
  const instant = (text: string): Buffer => der(0x17, Buffer.from(text));
  // Clocks that tests move do not reach OpenSSL, but a moved machine's may be anywhere.
  const validity = sequence(instant('000101000000Z'), instant('491231235959Z'));
  const names = sequence(
    der(0x82, Buffer.from('localhost')),
    der(0x87, hex('7f000001')),
    der(0x87, Buffer.concat([Buffer.alloc(15), hex('01')])),
  );
  const alternativeNames = sequence(oid('551d11'), der(0x04, names));
  const body = sequence(
    der(0xa0, der(0x02, hex('02'))),
    der(0x02, hex('01')),
    ...[ecdsaWithSha256, name, validity, name],
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(alternativeNames)),
  );
  const certificate = sequence(body, ecdsaWithSha256, bits(sign('sha256', body, privateKey)));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`,
  };
}
