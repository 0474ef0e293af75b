/**
 * A kind of credential: what an account owns or knows, and how one is added. How to ask
 * for it is a method's business; where it is stored, the account's.
 */
import type { ZodType } from 'zod';

import type { Life } from './life.ts';

export interface CredentialKind<Stored, Form = unknown> {
  readonly id: string;
  /** What is kept of it inside the account. */
  readonly stored: ZodType<Stored>;
  /** How many an account may have at once. */
  readonly most: number;
  /** How the owner recognises it before sign-in is complete; masked. */
  hint(stored: Stored): string | undefined;
  /** Which of several sorts it is, where the words for it differ. */
  variant?(stored: Stored): string | undefined;
  /** For its owner's own eyes: all of a number or an address. */
  inFull?(stored: Stored): string | Promise<string>;
  /** Under another name, where its owner may give it one. */
  renamed?(stored: Stored, name: string): Stored;
  /** From when to when it is good, of what is good for a while. */
  life?(stored: Stored): Life;
  /** How many uses are left, of what is used up. */
  left?(stored: Stored): number;
  /** How a person adds one; kinds without it are not added by their owner. */
  readonly adding?: Adding<Stored, Form>;
  /** Makes one that is ours alone to make; what is shown is shown this once. */
  readonly issue?: Issue<Stored>;
}

export type Issue<Stored> = (vault: Vault) => Issued<Stored>;

export interface Issued<Stored> {
  readonly stored: Stored;
  readonly shown: readonly string[];
}

export interface Adding<Stored, Form = unknown> {
  /** What is typed to begin, field by field; none where the secret is made by us. */
  readonly form: ZodType<Form> & { readonly shape: object };
  /** Whether one may take the place of another, as a new number of an old one. */
  readonly isReplaceable?: true;
  /** It is on one device: to have it on another, one is set up there in its place. */
  readonly isOnDevice?: true;
  /** What is typed is a secret, and is sealed while it is put right. */
  readonly isSecret?: true;
  /** Nothing could prove it at once: what is typed is enough, and it is asked when it is needed. */
  readonly isAskedLater?: true;
  /** What that form must offer, such as countries. */
  offer?(ports: OfferPorts): Promise<Readonly<Record<string, unknown>>>;
  /**
   * Makes the credential that the first passed challenge will confirm; throws Problem. Absent where
   * the browser makes it in that very challenge.
   */
  draft?(form: Form, ports: DraftPorts): Promise<Stored>;
  /** What the page that confirms it must show besides the question, such as a QR code. */
  show?(stored: Stored, ports: DraftPorts): Promise<Readonly<Record<string, unknown>>>;
  /** Whether it cannot be beside what the account has meanwhile, as it is stored. */
  clashes?(stored: Stored, held: readonly unknown[]): boolean;
  /**
   * Where a device must join before there is anything to confirm: the credential with it, or
   * undefined where the device does not prove that it holds the key it names.
   */
  join?(stored: Stored, device: JoiningDevice): Stored | undefined;
}

export interface JoiningDevice {
  /** The code that it joins by. */
  readonly code: string;
  /** Its public key: SPKI, base64url. */
  readonly key: string;
  /** As its owner calls it, or `Chrome, Android`. */
  readonly name?: string;
  readonly signature: string;
}

export type OfferPorts = Pick<DraftPorts, 'phoneCountries' | 'policy'>;

export interface DraftPorts {
  readonly vault: Vault;
  /** The account's name as an authenticator app should list it, and ours. */
  readonly account: string;
  readonly issuer: string;
  /** Where phones may be (ISO 3166); every country when empty. */
  readonly phoneCountries: readonly string[];
  /** What administrators decided about the method that it is added for. */
  readonly policy: unknown;
  /** Names and addresses of the account, and of whoever runs this. */
  readonly about: readonly string[];
  /** What pages say for a key of their words, in each language; nothing for none. */
  readonly wordings: (key: string) => readonly string[];
  /** What the account has of this kind already, as it is stored. */
  readonly held: readonly unknown[];
  /** Shown while a device is awaited: what leads it here. */
  readonly pairing?: { readonly code: string; readonly address: string };
}

/** Seals, opens and digests the secrets of one credential of one account, and nobody else's. */
export interface Vault {
  seal(secret: string): string;
  open(sealed: string): string;
  /** For what is only ever compared. */
  digest(secret: string): string;
  matches(secret: string, digest: string): boolean;
}
