/**
 * A security key in software: it makes keys and answers with them as WebAuthn Level 3 says, written
 * without the library that judges it. A story may spoil any part of an answer before it is signed.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

import { cbor, type CborValue } from './cbor.ts';

export interface AuthenticatorOptions {
  /** Whether it asks for a PIN or a fingerprint. */
  readonly verifiesUser?: boolean;
  readonly isBackupEligible?: boolean;
  readonly isBackedUp?: boolean;
  /** Some keys count, others say 0 for ever. */
  readonly counts?: boolean;
  readonly aaguid?: string;
}

/** What the page asks the browser for, as much of it as a key needs. */
export interface Options {
  readonly challenge: string;
  readonly rp?: { readonly id: string };
  readonly rpId?: string;
  readonly user?: { readonly id: string };
  readonly allowCredentials?: readonly { readonly id: string }[];
}

/** One part of an answer that is not as it should be. */
export interface Twist {
  readonly clientData?: Readonly<Record<string, unknown>>;
  readonly rpId?: string;
  /** Flags that are set, and those that are not, whatever the key would say. */
  readonly sets?: number;
  readonly clears?: number;
  readonly count?: number;
  readonly aaguid?: string;
  readonly credentialId?: Buffer;
  readonly algorithm?: number;
  readonly format?: string;
  readonly statement?: CborValue;
  /** The statement of a format that signs: over these bytes, by the new key or by another. */
  readonly attests?: (signed: Buffer, key: KeyObject) => CborValue;
  /** What comes after all that there should be. */
  readonly trailing?: Buffer;
  readonly attestationObject?: Buffer;
  readonly signs?: (data: Buffer, key: KeyObject) => Buffer;
  readonly response?: Readonly<Record<string, unknown>>;
  readonly answer?: Readonly<Record<string, unknown>>;
}

export const flag = { UP: 1, UV: 4, BE: 8, BS: 16, AT: 64, ED: 128 } as const;

interface Made {
  readonly id: string;
  readonly key: KeyObject;
  /** COSE_Key (RFC 9052 §7). */
  readonly publicKey: Buffer;
  readonly userHandle: string;
  count: number;
}

export type Authenticator = ReturnType<typeof createAuthenticator>;

export function createAuthenticator(origin: string, options: AuthenticatorOptions = {}) {
  const made: Made[] = [];
  const { verifiesUser = true, isBackupEligible = false, isBackedUp = false } = options;
  const aaguid = options.aaguid ?? '00000000-0000-0000-0000-000000000000';

  const flagsFor = ({ sets = 0, clears = 0 }: Twist, more = 0): number =>
    (flag.UP |
      (verifiesUser ? flag.UV : 0) |
      (isBackupEligible ? flag.BE : 0) |
      (isBackedUp ? flag.BS : 0) |
      more |
      sets) &
    ~clears;

  const clientDataOf = (type: string, challenge: string, { clientData }: Twist): Buffer =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false, ...clientData }));

  const headOf = (rpId: string, flags: number, count: number): Buffer => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(count);
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), counter]);
  };

  const rising = (one: Made): number => (options.counts === false ? 0 : (one.count += 1));

  return {
    /** The keys that it made, newest last. */
    made: made as readonly Made[],

    /** RegistrationResponseJSON (WebAuthn §5.1.8). */
    create({ challenge, rp, user }: Options, twist: Twist = {}): string {
      const { publicKey, privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const raw = twist.credentialId ?? randomBytes(32);
      const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
      const cose = new Map<number, number | Buffer>([
        ...[[1, 2] as const, [3, twist.algorithm ?? -7] as const, [-1, 1] as const],
        [-2, Buffer.from(x, 'base64url')],
        [-3, Buffer.from(y, 'base64url')],
      ]);
      const publicKeyBytes = cbor(cose);
      const one = {
        ...{ id: raw.toString('base64url'), key, publicKey: publicKeyBytes },
        ...{ userHandle: user?.id ?? '', count: 0 },
      };
      made.push(one);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(raw.length);
      const data = Buffer.concat([
        headOf(twist.rpId ?? rp?.id ?? '', flagsFor(twist, flag.AT), twist.count ?? rising(one)),
        Buffer.from((twist.aaguid ?? aaguid).replaceAll('-', ''), 'hex'),
        ...[length, raw, publicKeyBytes, twist.trailing ?? Buffer.alloc(0)],
      ]);
      const clientData = clientDataOf('webauthn.create', challenge, twist);
      const signed = Buffer.concat([data, sha256(clientData)]);
      const statement = twist.attests?.(signed, key) ?? twist.statement ?? new Map();
      const attested = new Map<string, CborValue>([
        ['fmt', twist.format ?? 'none'],
        ['attStmt', statement],
        ['authData', data],
      ]);
      return answered(one.id, twist, {
        clientDataJSON: encoded(clientData),
        attestationObject: encoded(twist.attestationObject ?? cbor(attested)),
        transports: ['usb'],
      });
    },

    /** AuthenticationResponseJSON (WebAuthn §5.1.8), by the key that is allowed, or the newest. */
    get({ challenge, rpId = '', allowCredentials = [] }: Options, twist: Twist = {}): string {
      const allowed = made.find(({ id }) => allowCredentials.some((one) => one.id === id));
      const one = allowed ?? made.at(-1);
      if (!one) throw new Error('this authenticator has no key');
      const head = headOf(twist.rpId ?? rpId, flagsFor(twist), twist.count ?? rising(one));
      const data = Buffer.concat([head, twist.trailing ?? Buffer.alloc(0)]);
      const clientData = clientDataOf('webauthn.get', challenge, twist);
      const signed = Buffer.concat([data, sha256(clientData)]);
      const signs = twist.signs ?? ((bytes: Buffer, key: KeyObject) => sign('sha256', bytes, key));
      return answered(one.id, twist, {
        clientDataJSON: encoded(clientData),
        authenticatorData: encoded(data),
        signature: encoded(signs(signed, one.key)),
        userHandle: one.userHandle,
      });
    },
  };
}

const answered = (id: string, { response, answer }: Twist, said: object): string =>
  JSON.stringify({
    ...{ id, type: 'public-key', clientExtensionResults: {} },
    response: { ...said, ...response },
    ...answer,
  });

const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest();
const encoded = (bytes: Buffer): string => bytes.toString('base64url');
