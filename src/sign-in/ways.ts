/**
 * By what somebody may verify in a sign-in: what the account has, as far as that may be said, and in
 * the order in which it is listed.
 */
import type { Strength } from '../assurance/proof.ts';
import { isSameWay, type Way } from '../assurance/way.ts';
import { type Browser, lastUsedHere } from '../flow/browser.ts';
import { type Clock, secondsAfter } from '../lib/clock.ts';
import type { Account } from '../models/account.ts';
import {
  type Choice,
  choicesOf,
  holdsSecondStep,
  type MethodRules,
} from '../verification/choices.ts';
import { lastUsedFirst } from '../verification/first-choice.ts';
import { NOBODY } from '../verification/resolve-choice.ts';
import { type Flow, isStepUp } from './flow.ts';

export interface WaysDeps extends MethodRules {
  readonly clock: Clock;
  /** How soon one number may get another message. */
  readonly pausePerNumberSeconds: number;
}

/**
 * Nobody, or somebody without a password or disabled, is asked for one all the same. That a key
 * could stand for it is said to nobody who only typed a name: who has one is nobody's business.
 */
export function choicesFor(
  account: Account | undefined,
  flow: Flow | undefined,
  deps: WaysDeps,
): readonly Choice[] {
  const choices = account && !account.disabledAt ? choicesOf(account, 'sign-in', deps) : [];
  const isTheirSession = flow !== undefined && isStepUp(flow);
  if (isTheirSession && choices.some(standsAlone)) return passkeysFirst(choices, flow);
  const beside = choices.map(asSecondStep);
  const hasPassword = choices.some(({ factor }) => factor === 'knowledge');
  return hasPassword ? beside : [nobodysPassword, ...beside];
}

const asSecondStep = (choice: Choice): Choice =>
  choice.traits && standsAlone(choice)
    ? { ...choice, traits: choice.traits.filter((trait) => trait !== 'stands-alone') }
    : choice;

const standsAlone = ({ traits }: Strength): boolean => traits?.includes('stands-alone') ?? false;

/** Whoever came with a passkey, or has no password, is not asked for one. */
function passkeysFirst(choices: readonly Choice[], { proofs }: Flow): readonly Choice[] {
  if (!proofs.some(standsAlone)) return choices;
  const isOther = (choice: Choice): boolean => !standsAlone(choice);
  return [...choices.filter(standsAlone), ...choices.filter(isOther)];
}

/**
 * Methods that policy allows and that cannot work in this house, as keys at a network address: of
 * those that the account has, or that it could set up.
 */
export function notHere(account: Account, { methods, availability }: WaysDeps): readonly string[] {
  const kinds = new Set(account.credentials.map(({ kind }) => kind));
  const isFirst = !holdsSecondStep(account, { methods, availability });
  return [...methods.values()]
    .filter(({ kind }) => isFirst || kinds.has(kind))
    .filter(({ id }) => availability.isAllowed(id, { purpose: 'sign-in', account }))
    .filter(({ id, channel }) => channel === undefined && !availability.isAvailable(id, 'sign-in'))
    .map(({ id }) => id);
}

export const unnamedIn = (deps: WaysDeps): { readonly unnamed?: Way } => {
  const unnamed = unnamedWay(deps);
  return unnamed ? { unnamed } : {};
};

/** By which an account may name itself. */
export function unnamedWay({ methods, availability }: WaysDeps): Way | undefined {
  const method = [...methods.values()].find(({ id }) => availability.asksUnnamed(id));
  return method && { method: method.id, credential: NOBODY };
}

/** As the page lists them: with what this browser remembers, and how long they have to wait. */
export function choicesHere(
  account: Account | undefined,
  { browser, flow }: { readonly browser: Browser; readonly flow: Flow },
  deps: WaysDeps,
): readonly Choice[] {
  const lastUsed = account && lastUsedHere(browser, account);
  const listed = lastUsedFirst(choicesFor(account, flow, deps), lastUsed, deps.methods);
  return withoutPassedOver(paced(listed, flow, deps), flow, deps.clock.now());
}

/** Limits hold for a while: what was not sent would not be sent a moment later either. */
const withoutPassedOver = (
  choices: readonly Choice[],
  { facts: { passedOver = [] } }: Flow,
  now: Date,
): readonly Choice[] =>
  choices.map((choice) => {
    const held = passedOver.find((way) => isSameWay(way, choice) && way.until > now);
    if (!held || choice.away) return choice;
    return { ...choice, away: { reason: 'passed-over', until: held.until } };
  });

/** A phone that was reached just now is not texted or called at once again: people see for how long. */
function paced(
  choices: readonly Choice[],
  { reached }: Flow,
  { clock, pausePerNumberSeconds }: WaysDeps,
): readonly Choice[] {
  const until = reached && secondsAfter(reached.at, pausePerNumberSeconds);
  if (!until || until <= clock.now()) return choices;
  return choices.map((choice) =>
    choice.sends && choice.credential === reached.credential && !choice.away
      ? { ...choice, away: { reason: 'paced', until } }
      : choice,
  );
}

const nobodysPassword: Choice = {
  method: 'password',
  credential: NOBODY,
  factor: 'knowledge',
  sends: false,
};
