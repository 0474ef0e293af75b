/**
 * What the account must do next, worked out from what has been proved and said so far.
 *
 * Nothing stores "the current step": it follows from the facts, so there is no illegal
 * transition to guard against. A page never leads to another page; it records a fact,
 * and this function is asked again.
 */
import { meets, type Need, whatIsLacking } from '../assurance/levels.ts';
import type { Trait } from '../assurance/proof.ts';
import type { Way } from '../assurance/way.ts';
import { type Challenge } from '../models/challenge.ts';
import type { Enrolling } from '../models/flow.ts';
import { hasEnded } from '../models/flow-end.ts';
import type { Choice } from '../verification/choices.ts';
import { firstOf } from '../verification/first-choice.ts';
import type { Registration } from './registration.ts';
import type { SignIn } from './sign-in.ts';

export type Step =
  | { readonly name: 'expired' }
  | { readonly name: 'pick-account' | 'identify'; readonly choice?: Way }
  | { readonly name: 'let-in' }
  | { readonly name: 'answer'; readonly challenge: Challenge }
  | { readonly name: 'begin'; readonly choice: Choice; readonly from: readonly Choice[] }
  | { readonly name: 'choose'; readonly from: readonly Choice[] }
  | { readonly name: 'enrol-intro'; readonly registration?: Registration }
  | { readonly name: 'enrol'; readonly methods: readonly string[] }
  | { readonly name: 'add'; readonly method: string }
  | { readonly name: 'no-way' }
  | { readonly name: 'recovery-codes'; readonly sealed: string }
  | { readonly name: 'registered'; readonly added: Way }
  | { readonly name: 'confirm-methods' }
  | { readonly name: 'codes-left'; readonly left: number }
  | { readonly name: 'denied' }
  | { readonly name: 'new-password' }
  | { readonly name: 'consent' }
  | { readonly name: 'finish' }
  | { readonly name: 'over' };

export type StepName = Step['name'];

export function nextStep(signIn: SignIn): Step {
  const { flow, now } = signIn;
  const { facts, challenge } = flow;
  if (facts.isOver) return { name: 'over' };
  if (facts.cancelled) return { name: 'finish' };
  if (facts.denied) return { name: 'denied' };
  if (hasEnded(flow, now)) return { name: 'expired' };
  if (!facts.account) return whoIsIt(signIn);
  if (facts.lettingIn) return { name: 'let-in' };
  if (challenge) return { name: 'answer', challenge };
  if (facts.recoveryCodes !== undefined) {
    return { name: 'recovery-codes', sealed: facts.recoveryCodes };
  }
  const [lacking] = whatIsLacking(signIn.goal, signIn.proofs, now);
  if (lacking)
    return nextProof(
      signIn,
      signIn.choices.filter((choice) => meets(choice, lacking, signIn.goal)).map(proving(lacking)),
    );
  if (facts.codesLeft !== undefined) return { name: 'codes-left', left: facts.codesLeft };
  if (signIn.isPasswordDue || signIn.afterPass) return { name: 'new-password' };
  if (facts.added) return { name: 'registered', added: facts.added };
  if (signIn.registration) return register(signIn, signIn.registration);
  if (signIn.isConsentNeeded) return { name: 'consent' };
  return { name: 'finish' };
}

function nextProof({ flow, addable, firstMethod }: SignIn, from: readonly Choice[]): Step {
  const { choosing, enrolling } = flow.facts;
  const choice = choosing ? undefined : firstOf(from, firstMethod);
  if (choice) return { name: 'begin', choice, from };
  if (from.length > 0) return { name: 'choose', from };
  if (addable.length === 0) return { name: 'no-way' };
  return enrolling ? setUp(enrolling, addable) : { name: 'enrol-intro' };
}

/** What this sign-in would do without. */
function register({ flow }: SignIn, registration: Registration): Step {
  const { enrolling } = flow.facts;
  if (registration.why === 'confirm') return { name: 'confirm-methods' };
  return enrolling ? setUp(enrolling, registration.methods) : { name: 'enrol-intro', registration };
}

const setUp = ({ method }: Enrolling, methods: readonly string[]): Step =>
  method === undefined ? { name: 'enrol', methods } : { name: 'add', method };

/** A passkey may say who it is, on the page that asks for a name. */
const whoIsIt = (signIn: SignIn): Step => ({
  name: mayPick(signIn) ? 'pick-account' : 'identify',
  ...(signIn.unnamed && { choice: signIn.unnamed }),
});

/** What takes the place of something known must stand alone. */
const proving =
  ({ factor, traits }: Need) =>
  (choice: Choice): Choice => {
    const wants: readonly Trait[] = choice.factor === factor ? traits : ['stands-alone'];
    return wants.length > 0 ? { ...choice, wants } : choice;
  };

const mayPick = ({ flow, knownAccounts }: SignIn): boolean =>
  knownAccounts.length > 0 && !flow.facts.otherAccount && flow.request.loginHint === undefined;

export type Act =
  | 'identify'
  | 'other-account'
  | 'known-accounts'
  | 'choose'
  | 'let-in'
  | 'answer'
  | 'attest'
  | 'again'
  | 'instead'
  | 'another-way'
  | 'enrol'
  | 'add'
  | 'saved'
  | 'skip'
  | 'confirm'
  | 'make-codes'
  | 'noted'
  | 'new-password'
  | 'keep-password'
  | 'consent'
  | 'continue'
  | 'restart'
  | 'cancel';

/**
 * Which acts each step allows. An act that is not in its row changes nothing: it comes from
 * an older page or another tab, and the answer shows what is current.
 */
export const allowedActs: Readonly<Record<StepName, readonly Act[]>> = {
  expired: ['restart', 'cancel'],
  // A passkey answers before anybody is named.
  'pick-account': ['identify', 'other-account', 'answer', 'again', 'cancel'],
  identify: ['identify', 'known-accounts', 'answer', 'again', 'cancel'],
  // `continue` from a page that waited for a device.
  answer: [
    ...(['answer', 'attest', 'again', 'instead', 'another-way', 'let-in'] as const),
    ...(['continue', 'restart', 'cancel'] as const),
  ],
  'let-in': ['continue', 'restart', 'cancel'],
  begin: ['choose', 'another-way', 'restart', 'cancel'],
  choose: ['choose', 'continue', 'restart', 'cancel'],
  'enrol-intro': ['enrol', 'skip', 'restart', 'cancel'],
  registered: ['saved', 'cancel'],
  'confirm-methods': ['confirm', 'skip', 'restart', 'cancel'],
  enrol: ['add', 'restart', 'cancel'],
  add: ['add', 'another-way', 'continue', 'restart', 'cancel'],
  'no-way': ['restart', 'cancel'],
  denied: ['cancel'],
  'recovery-codes': ['saved', 'cancel'],
  'codes-left': ['make-codes', 'noted', 'restart', 'cancel'],
  'new-password': ['new-password', 'keep-password', 'restart', 'cancel'],
  consent: ['consent', 'restart', 'cancel'],
  finish: ['continue', 'cancel'],
  over: [],
};
