/**
 * Ada, who has an app on a device, a phone and recovery codes; Ada as a beginner, who has none
 * of them yet; and the sign-ins that they are in.
 */
import { generateSync } from 'otplib';

import type { Proof } from '../../../src/assurance/proof.ts';
import { vaultOf } from '../../../src/credentials/vault.ts';
import { secondsAfter } from '../../../src/lib/clock.ts';
import { createCodes } from '../../../src/lib/codes.ts';
import type { Account, Credential } from '../../../src/models/account.ts';
import { addressOf, type Challenge } from '../../../src/models/challenge.ts';
import type { Enrolling, Flow } from '../../../src/models/flow.ts';
import { ada as bare, crypt } from './rate-limits/counting.ts';

export const noon = new Date('2026-11-22T12:00:00Z');
export const from = { address: '192.0.2.1', request: 'r' };
export const codes = createCodes(crypt);

const SEED = 'KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU';
export const code = generateSync({ secret: SEED, epoch: noon.getTime() / 1000 });
export const recoveryCode = '0123456789ABCDEF';
export const textedCode = '123456';
export const wrongCode = '000000';

const vault = (credential: string) => vaultOf(crypt, 'ada', credential);
const credential = (id: string, kind: string, data: unknown): Credential => ({
  ...{ id, kind, data, version: 0, addedAt: new Date(0) },
});
const appData = (id: string, more: object = {}) => ({
  ...{ seed: vault(id).seal(SEED), lastStep: 0, ...more },
});
export const apps = (count: number): Credential[] =>
  Array.from({ length: count }, (_, at) => credential(`app-${at}`, 'app', appData(`app-${at}`)));

const password = credential('password', 'password', { hash: 'new:right', setAt: noon });
const phone = { number: '+14255550134', countryCallingCode: '1', type: 'mobile' };
const digests = [recoveryCode, 'another one'].map((one) => vault('paper').digest(one));
const paper = credential('paper', 'recovery-codes', { digests });

export const ada: Account = {
  ...bare,
  credentials: [
    password,
    credential('app', 'app', appData('app', { device: { key: 'k', counter: 0 } })),
    credential('phone', 'phone', phone),
    paper,
  ],
};
export const beginner: Account = { ...bare, credentials: [password] };

/** Asked a minute before noon; a text says a code that is known. */
export const question = (method: string, credential: string, id = 'old'): Challenge => ({
  ...{ id, method, credential, purpose: 'sign-in', page: {}, hasOtherWays: true, sends: false },
  memo: method === 'text' ? { digest: codes.digest(textedCode, `text/${id}`) } : {},
  ...{ attemptsLeft: 5, begunAt: secondsAfter(noon, -60), expiresAt: secondsAfter(noon, 240) },
});

const proofBy = (factor: Proof['factor']): Proof => ({
  ...{ account: 'ada', method: factor, credential: factor, factor, amr: [] },
  at: secondsAfter(noon, -90),
});
/** By what was given before: the password, and where an app is added to others, one of them. */
export const earlier = {
  password: [proofBy('knowledge')],
  both: [proofBy('knowledge'), proofBy('possession')],
};

export const signIn = (challenge?: Challenge, more: Partial<Flow> = {}): Flow => ({
  ...{ _id: 'flow', request: {}, version: 0, proofs: earlier.password, pending: [] },
  ...{ endsAt: secondsAfter(noon, 600), expiresAt: secondsAfter(noon, 3600) },
  facts: { account: { id: 'ada', username: 'ada' } },
  ...(challenge && { challenge }),
  ...more,
});

const newPaper = {
  id: 'new-paper',
  data: { digests: [vault('new-paper').digest(recoveryCode)] },
  sealed: crypt.seal(JSON.stringify([recoveryCode]), 'flows/flow/recovery-codes'),
};

/** An app that is being added, and asked for its first code. */
export function enrolment(more: Partial<Flow> = {}, id = 'new'): Flow {
  const { facts } = signIn();
  const draft = { id, kind: 'app', data: appData(id) };
  const enrolling: Enrolling = { method: 'code', draft, codes: newPaper };
  const challenge: Challenge = { ...question('code', id), purpose: 'enrol' };
  return signIn(challenge, { facts: { ...facts, enrolling }, ...more });
}

/** A mobile phone of this number that is being added, and asked for the code that was texted. */
export function phoneEnrolment(number: string, more: Partial<Flow> = {}): Flow {
  const { facts } = signIn();
  const draft = { id: number, kind: 'phone', data: { ...phone, number } };
  const enrolling: Enrolling = { method: 'text', draft, codes: newPaper };
  const challenge: Challenge = { ...question('text', number), purpose: 'enrol' };
  return signIn(challenge, { facts: { ...facts, enrolling }, proofs: earlier.both, ...more });
}

/** The form on the page, after so many attempts. */
export const formOf = ({ challenge }: Flow, typed: string, spent = 0) => ({
  code: typed,
  challenge: addressOf({ id: '', attemptsLeft: 0, ...challenge }).replace(/\d+$/, (left) =>
    String(Number(left) - spent),
  ),
});
