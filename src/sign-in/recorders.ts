/**
 * What each act of a sign-in reads from its form, and records; an answer is read by the method
 * that it is for.
 */
import { z } from 'zod';

import type { Recorder } from '../flow/kind.ts';
import { LONGEST_IDENTIFIER } from '../models/account.ts';
import type { Acts } from './acts.ts';
import type { SignIn } from './sign-in.ts';
import type { Act, Step } from './steps.ts';

const text = (longest: number) => z.string().trim().max(longest);
const Identify = z.object({ identifier: text(LONGEST_IDENTIFIER) });
const Choose = z.object({ method: text(64), credential: text(64) });
const Again = z.object({ challenge: text(64) });
const NewPassword = z.object({ password: z.string(), repeated: z.string().exactOptional() });

export type RecordedAct = Exclude<Act, 'answer'>;

export const recordersWith = (
  acts: Acts,
): Readonly<Record<RecordedAct, Recorder<SignIn, Step>>> => ({
  identify: ({ state, form, visit }) =>
    acts.identify(state, Identify.parse(form).identifier, visit),
  'other-account': ({ state, visit }) => acts.otherAccount(state, visit),
  'known-accounts': ({ state, visit }) => acts.knownAccounts(state, visit),
  choose: ({ state, form, visit }) => acts.choose(state, Choose.parse(form), visit),
  instead: ({ state, form, visit }) => acts.instead(state, form, visit),
  again: ({ state, form, visit }) => acts.again(state, Again.parse(form).challenge, visit),
  attest: ({ state, form, visit }) => acts.attest(state, form, visit),
  'another-way': ({ state, visit }) => acts.anotherWay(state, visit),
  enrol: ({ state, visit }) => acts.enrol(state, visit),
  add: ({ state, form, visit }) => acts.add(state, form, visit),
  saved: ({ state, visit }) => acts.saved(state, visit),
  skip: ({ state, visit }) => acts.skip(state, visit),
  confirm: ({ state, visit }) => acts.confirm(state, visit),
  'make-codes': ({ state, visit }) => acts.makeCodes(state, visit),
  noted: ({ state, visit }) => acts.noted(state, visit),
  'new-password': ({ state, form, visit }) =>
    acts.newPassword(state, NewPassword.parse(form), visit),
  'keep-password': ({ state, visit }) => acts.keepPassword(state, visit),
  consent: ({ state, visit }) => acts.consent(state, visit),
  'let-in': ({ state, visit }) => acts.letIn(state, visit),
  continue: ({ state, form, visit }) => acts.goOn(state, form, visit),
  restart: ({ state, visit }) => acts.restart(state, visit),
  cancel: ({ state, step, visit }) =>
    acts.cancel(state, step.name === 'no-way' ? 'no-way' : 'by-user', visit),
});
