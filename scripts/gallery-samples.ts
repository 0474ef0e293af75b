/**
 * Every page in every state worth looking at, and every message: for the gallery, and for
 * the contract tests that hold each page to the same promises.
 */
import { methods } from '../src/methods/index.ts';
import type { PageName, Pages } from '../src/web/page.ts';
import { answers } from './gallery-samples-answers.ts';
import { accountSamples } from './gallery-samples-account.ts';
import { morePagesSamples } from './gallery-samples-account-more.ts';
import { addSamples } from './gallery-samples-adding.ts';
import { approveSamples } from './gallery-samples-approve.ts';
import { callSamples } from './gallery-samples-call.ts';
import { homeSamples, sampleLogo } from './gallery-samples-home.ts';
import { keySamples, passkeySamples } from './gallery-samples-keys.ts';
import { longName } from './gallery-samples-messages.ts';
import { problemSamples } from './gallery-samples-problems.ts';

export { sampleLogo };

/** Not every method is added by its owner; the contract test asks for what has a view. */
type MaybeNot = Extract<PageName, `methods/${string}/add`>;
type SamplesOf<Name extends PageName> = Readonly<Record<string, Pages[Name]>>;
type Samples = {
  readonly [Name in Exclude<PageName, MaybeNot>]: SamplesOf<Name>;
} & { readonly [Name in MaybeNot]?: SamplesOf<Name> };

const flow = { at: '/sign-in/u1', csrf: 'c1', client: { name: 'Tea Shop' } };
const username = 'ada@example.org';
const phone = { method: 'text', credential: 'p1', hint: '+1 ••• 34' };
const app = { method: 'code', credential: 'a1' };
const knows = { method: 'password', credential: 'k1' };
const newPassword = { ...flow, username, why: 'due' as const };
const paper = { method: 'recovery-code', credential: 'r1' };
const settingUp = { ...flow, username, progress: { step: 2, of: 3 } };
const codes = [
  ...['7K2M-9QXT-4HBD-W3NE', 'P5RV-0J8C-YGA6-2TZM', 'E4W9-K7NS-1DQB-X8HF', 'M3CT-6ZPG-V0RJ-5YAK'],
  ...['9BHX-2WDE-Q7NM-T4SC', 'G8YF-J1KV-5RPZ-0A6D', 'T2QN-B9MX-3ECW-H7GK', 'Z6AS-4VPJ-D8RT-1FYM'],
  ...['0NKE-X5GQ-C3HB-9WZV', 'V7JD-R2TY-8PMF-6SAX'],
];

const signOut = { action: '/session/end/confirm', xsrf: 'x1', fields: [] };

const samples: Samples = {
  home: homeSamples,
  ...accountSamples,
  ...morePagesSamples,
  help: {
    plain: { methods: Object.keys(methods) },
    'from a sign-in': { back: flow.at, methods: Object.keys(methods) },
    'where codes of apps are all there is': { methods: ['password', 'code'] },
  },
  ...problemSamples,
  'sign-out/confirm': {
    'asked by an app': { ...signOut, client: flow.client },
    'asked by nobody': signOut,
  },
  'sign-out/leave': {
    'signed out': { href: '#', client: flow.client, isByHand: false, isSignedOut: true },
    'still signed in': { href: '#', client: flow.client, isByHand: false, isSignedOut: false },
    'into an app of the phone': { href: '#', isByHand: true, isSignedOut: true },
  },
  'sign-out/done': {
    'of an app': { client: flow.client },
    'of an app with a home': {
      client: flow.client,
      app: { name: 'Tea Shop', home: 'https://shop.example/' },
    },
    'of nobody': {},
  },
  'sign-in/identify': {
    ...passkeySamples,
    plain: { ...flow, identifier: '', longest: 320, isMissing: false, hasKnownAccounts: false },
    'nothing typed': {
      ...flow,
      identifier: '',
      longest: 320,
      isMissing: true,
      hasKnownAccounts: true,
    },
    'long names and a logo': {
      ...flow,
      client: { name: longName, logo: sampleLogo },
      longest: 320,
      identifier: 'ada.of.the.very.long.mail.address@departments.example.org',
      isMissing: false,
      hasKnownAccounts: true,
    },
  },
  'sign-in/pick-account': {
    one: { ...flow, accounts: [{ username, name: 'Ada Lovelace' }] },
    several: {
      ...flow,
      accounts: [
        { username, name: 'Ada Lovelace' },
        { username: 'bob', name: '' },
        { username: 'grace.of.the.very.long.name@departments.example.org', name: longName },
      ],
    },
  },
  'sign-in/begin': {
    text: { ...flow, choice: phone, username, isFirstStep: false, hasOtherWays: true },
    'only way': { ...flow, choice: phone, username, isFirstStep: false, hasOtherWays: false },
    'from the start': { ...flow, choice: knows, username, isFirstStep: true, hasOtherWays: false },
  },
  'sign-in/choose': {
    three: { ...flow, choices: [app, phone, paper], username },
    'one is away': {
      ...flow,
      choices: [
        app,
        { ...phone, away: { reason: 'paced', seconds: 42 } },
        { ...phone, method: 'call', away: { reason: 'channel' } },
        paper,
      ],
      username,
    },
    'no more texts': {
      ...flow,
      choices: [app, { ...phone, away: { reason: 'passed-over', seconds: 420 } }],
      username,
    },
    'the phone is not asked for a while': {
      ...flow,
      choices: [
        {
          method: 'approve',
          credential: 'a3',
          hint: 'Safari, iOS',
          away: { reason: 'denied', seconds: 1740 },
        },
        { ...app, credential: 'a3', hint: 'Safari, iOS' },
        paper,
      ],
      username,
    },
    'all are away': { ...flow, choices: [{ ...phone, away: { reason: 'channel' } }], username },
    many: {
      ...flow,
      choices: [
        { ...app, addedAt: '2026-01-01T12:00:00Z' },
        { ...app, credential: 'a2', addedAt: '2026-02-01T12:00:00Z' },
        { ...phone, addedAt: '2025-11-01T12:00:00Z' },
        { ...phone, credential: 'p2', hint: '+49 ••• 07' },
        { ...phone, credential: 'p3', addedAt: '2026-03-01T12:00:00Z' },
        paper,
      ],
      username,
    },
  },
  'sign-in/denied': { plain: { ...flow, username } },
  'sign-in/no-way': { plain: { ...flow, username } },
  'sign-in/enrol-intro': {
    plain: { ...flow, username },
    'may be skipped': { ...flow, username, why: 'second-step', skips: { left: 3 } },
    'may be skipped no more': { ...flow, username, why: 'second-step' },
    'for a reset': { ...flow, username, why: 'reset', skips: {} },
    'in a campaign': { ...flow, username, why: 'campaign', method: 'approve', skips: { left: 1 } },
  },
  'sign-in/registered': {
    'an address': {
      ...{ ...flow, username, isOnlyOne: false },
      added: { method: 'email', hint: 'a•••@e•••.org' },
      methods: [app, phone, { ...paper, method: 'email', hint: 'a•••@e•••.org' }],
    },
    'the only one': {
      ...{ ...flow, username, isOnlyOne: true, methods: [phone] },
      added: { method: 'text', hint: '+1 ••• 34', isDefault: true },
    },
  },
  'sign-in/confirm-methods': { plain: { ...flow, username, methods: [app, phone] } },
  'sign-in/enrol': {
    both: { ...settingUp, methods: [{ method: 'code' }, { method: 'text', kind: 'phone' }] },
    'texts alone': { ...settingUp, methods: [{ method: 'code' }, { method: 'text' }] },
    'only one': { ...settingUp, methods: [{ method: 'code' }] },
  },
  'adding/recovery-codes': {
    'after the app': {
      ...settingUp,
      progress: { step: 3, of: 3 },
      codes,
      added: { method: 'code' },
    },
    'instead of old ones': { ...flow, username, codes, isRenewed: true },
    'after a phone': {
      ...settingUp,
      progress: { step: 3, of: 3 },
      codes,
      added: { method: 'text', hint: '+1 ••• 34', isDefault: true },
    },
  },
  'sign-in/codes-left': {
    seven: { ...flow, username, left: 7, mayRenew: false },
    few: { ...flow, username, left: 3, mayRenew: true },
    one: { ...flow, username, left: 1, mayRenew: true },
    none: { ...flow, username, left: 0, mayRenew: true },
  },
  'sign-in/new-password': {
    plain: { ...newPassword, fewest: 8 },
    'typed differently': { ...newPassword, fewest: 8, flaw: 'passwords-differ' },
    'too short': { ...newPassword, fewest: 15, flaw: 'password-too-short' },
    'too long': { ...newPassword, fewest: 8, flaw: 'password-too-long' },
    'a common one': { ...newPassword, fewest: 8, flaw: 'password-common' },
    'a name': { ...newPassword, fewest: 8, flaw: 'password-about-you' },
    'the old one': { ...newPassword, fewest: 8, flaw: 'password-unchanged' },
    'after a pass': { ...newPassword, why: 'offered', fewest: 8 },
    'the first one': { ...newPassword, why: 'needed', fewest: 8 },
  },
  'sign-in/consent': {
    plain: { ...flow, username, scopes: ['openid', 'profile', 'email'], isOffline: false },
    everything: {
      ...flow,
      username,
      scopes: ['openid', 'profile', 'email', 'phone', 'address', 'groups', 'shop:orders'],
      isOffline: true,
      policyUri: 'https://shop.example/privacy',
      tosUri: 'https://shop.example/terms',
    },
  },
  'sign-in/expired': {
    'can restart': { ...flow, canRestart: true },
    'cannot restart': { ...flow, canRestart: false },
    'cannot restart, with a home': { ...flow, canRestart: false, home: 'https://shop.example/' },
  },
  'sign-in/continue': { plain: flow },
  'sign-in/leave': {
    'to an app': { href: '#', client: flow.client, isByHand: false },
    'into an app of the phone': { href: '#', client: flow.client, isByHand: true },
    'to whatever is next': { href: '#', isByHand: false },
  },
  ...answers,
  'approver/app': { plain: { accent: '#1f5fbf' } },
  ...approveSamples,
  ...callSamples,
  ...keySamples,
  ...addSamples,
};

export { messageSamples } from './gallery-samples-messages.ts';

/** Every page in its states, by name. */
export const pageSamples: readonly (readonly [PageName, SamplesOf<PageName>])[] = (
  Object.keys(samples) as PageName[]
).map((name) => [name, samples[name] ?? {}]); // as the type of samples has it
