/**
 * Recovery codes, which come with an account's first second step: made before they are stored, and
 * readable until their owner has saved them.
 */
import { z } from 'zod';

import type { CredentialKind, Issue } from '../credentials/kind.ts';
import { vaultOf } from '../credentials/vault.ts';
import { randomId } from '../lib/codes.ts';
import type { Crypt } from '../lib/crypt.ts';
import { sealedJson } from '../lib/sealed-json.ts';
import type { Account, Credential } from '../models/account.ts';
import type { DraftedCodes } from '../models/flow.ts';

export interface IssuedCodesDeps {
  readonly crypt: Crypt;
  /** What an account is given along with its first second step, if it has none. */
  readonly issued: IssuedKind;
}

/** A kind of which we make the credential. */
export type IssuedKind = Pick<CredentialKind<unknown>, 'id' | 'stored' | 'left'> & {
  readonly issue: Issue<unknown>;
};

export type IssuedCodes = ReturnType<typeof createIssuedCodes>;

export const createIssuedCodes = ({ crypt, issued }: IssuedCodesDeps) => ({
  codesKind: issued.id,

  /** Whether the account has none yet, so that they come with what is added. */
  bringsCodes: ({ credentials }: Account): boolean =>
    credentials.every(({ kind }) => kind !== issued.id),

  /** Where the codes that were just made stay readable until they are saved. */
  openCodes: (uid: string, sealed: string): readonly string[] =>
    shownCodes(crypt).open(sealed, codesContext(uid)),

  /** Codes for this credential, to be stored and shown once. */
  newCodes(uid: string, { _id }: Account, id = randomId()): DraftedCodes {
    const { stored, shown } = issued.issue(vaultOf(crypt, _id, id));
    return { id, data: stored, sealed: shownCodes(crypt).seal(shown, codesContext(uid)) };
  },

  /** How many are left in what is stored of a credential; undefined where none is used up. */
  leftIn({ kind, data }: Pick<Credential, 'kind' | 'data'>): number | undefined {
    const read = kind === issued.id ? issued.stored.safeParse(data) : undefined;
    return read?.success ? issued.left?.(read.data) : undefined;
  },
});

const shownCodes = (crypt: Crypt) => sealedJson(crypt, z.array(z.string()).readonly());
const codesContext = (uid: string): string => `flows/${uid}/recovery-codes`;
