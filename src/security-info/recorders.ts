/**
 * What each act of a change reads from its form, and records.
 */
import { z } from 'zod';

import type { Recorder } from '../flow/kind.ts';
import type { Acts } from './acts.ts';
import type { Change } from './change.ts';
import type { Act, Step } from './steps.ts';

const text = (longest: number) => z.string().trim().max(longest);
const Again = z.object({ challenge: text(64) });
const Rename = z.object({ name: text(256) });
/** A method and a credential, as one radio button names them. */
const Default = z.object({ way: text(129).regex(/^\S+ \S+$/) }).transform(({ way }) => {
  const [method = '', credential = ''] = way.split(' ');
  return { method, credential };
});

const NewPassword = z.object({ password: z.string(), repeated: z.string().exactOptional() });

export type RecordedAct = Exclude<Act, 'answer'>;

export const recordersWith = (
  acts: Acts,
): Readonly<Record<RecordedAct, Recorder<Change, Step>>> => ({
  add: ({ state, form, visit }) => acts.add(state, form, visit),
  attest: ({ state, form, visit }) => acts.attest(state, form, visit),
  again: ({ state, form, visit }) => acts.again(state, Again.parse(form).challenge, visit),
  instead: ({ state, form, visit }) => acts.instead(state, form, visit),
  'another-way': ({ state, visit }) => acts.back(state, visit),
  saved: ({ state, visit }) => acts.saved(state, visit),
  done: ({ state, visit }) => acts.said(state, { confirmed: true }, visit),
  begin: ({ state, visit }) => acts.begin(state, visit),
  'new-password': ({ state, form, visit }) =>
    acts.newPassword(state, NewPassword.parse(form), visit),
  remove: ({ state, visit }) => acts.said(state, { confirmed: true }, visit),
  rename: ({ state, form, visit }) => acts.said(state, { name: Rename.parse(form).name }, visit),
  default: ({ state, form, visit }) => acts.said(state, { preferred: Default.parse(form) }, visit),
  'make-codes': ({ state, visit }) => acts.makeCodes(state, visit),
  continue: async ({ state }) => state,
  restart: ({ state, visit }) => acts.restart(state, visit),
  cancel: ({ state, visit }) => acts.said(state, { cancelled: 'by-user' }, visit),
});
