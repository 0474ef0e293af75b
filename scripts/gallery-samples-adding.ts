/**
 * The samples of setting up what is typed: an authenticator app, a phone for texts, an address.
 */
import { qrOf } from '../src/credentials/qr.ts';
import type { AddPage } from '../src/flow/adding-pages.ts';

const flow = { at: '/sign-in/u1', csrf: 'c1', client: { name: 'Tea Shop' } };
const settingUp = { ...flow, username: 'ada', progress: { step: 2, of: 3 } };
const challenge = { id: 'ch1', page: { digits: 6 }, undelivered: false, open: true };

const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const uri = `otpauth://totp/Example:ada%40example.org?secret=${secret}&issuer=Example`;
const newApp = {
  secret,
  uri,
  qr: await qrOf(uri),
  issuer: 'Example',
  account: 'ada@example.org',
};
const countries = [
  { code: 'AT', callingCode: '43' },
  { code: 'DE', callingCode: '49' },
  { code: 'US', callingCode: '1' },
];
const addApp = {
  ...{ ...settingUp, method: 'code', together: ['code'], shown: newApp },
  ...{ typed: {}, hasOtherMethods: true },
};
const addPhone = {
  ...settingUp,
  method: 'text',
  together: ['text', 'call'],
  shown: { countries },
  typed: {},
  hasOtherMethods: true,
};

/** An address is no second step, so that no sign-in asks anybody to set one up. */
const addEmail = {
  ...{ at: '/account/change/u1', csrf: 'c1', client: { name: 'Example' }, isSignedIn: true },
  ...{
    username: 'ada',
    method: 'email',
    together: ['email'],
    shown: {},
    typed: {},
    hasOtherMethods: true,
  },
};
const mailed = {
  ...{ ...challenge, page: { digits: 8 }, method: 'email' },
  ...{ hint: 'a•••@e•••.org', attemptsLeft: 5, againInSeconds: 48 },
};
const confirmEmail = { ...addEmail, shown: { address: 'ada@example.org' } };

const questions = {
  ...settingUp,
  ...{ method: 'security-questions', together: ['security-questions'], hasOtherMethods: true },
  shown: {
    catalogue: ['first-concert', 'first-dish', 'Which room did you work in first?'],
    ...{ rows: [1, 2, 3], mayOwn: false },
  },
  typed: {},
};

export const addSamples = {
  'methods/code/add': {
    plain: { ...addApp, challenge: { ...challenge, method: 'code', attemptsLeft: 5 } },
    'wrong code': {
      ...addApp,
      challenge: { ...challenge, method: 'code', attemptsLeft: 3, failure: 'wrong-answer' },
    },
    closed: {
      ...addApp,
      hasOtherMethods: false,
      challenge: { ...challenge, method: 'code', attemptsLeft: 2, open: false },
    },
  },
  'methods/email/add': {
    plain: addEmail,
    'no address': { ...addEmail, typed: { address: 'ada@example' }, refused: 'email-invalid' },
    'only method': { ...addEmail, hasOtherMethods: false },
    confirming: { ...confirmEmail, challenge: mailed },
    'wrong code': {
      ...confirmEmail,
      challenge: { ...mailed, attemptsLeft: 3, failure: 'wrong-answer' },
    },
    undelivered: {
      ...confirmEmail,
      challenge: { ...mailed, undelivered: true, againInSeconds: 0 },
    },
    'confirming, closed': {
      ...confirmEmail,
      challenge: { ...mailed, attemptsLeft: 0, open: false },
    },
  },
  'methods/security-questions/add': {
    plain: questions,
    'twice the same': {
      ...questions,
      typed: { ...{ question1: 'first-dish', answer1: 'soup' }, question2: 'first-dish' },
      ...{ refused: 'question-twice', refusedField: 'question2' },
    },
    'too short, and one of their own': {
      ...questions,
      shown: { ...questions.shown, mayOwn: true },
      typed: { ...{ question1: 'own', own1: 'What is under the stairs?' }, answer1: 'no' },
      ...{ refused: 'answer-too-short', refusedField: 'answer1' },
    },
  },
  'methods/text/add': {
    plain: addPhone,
    'not a number': {
      ...addPhone,
      typed: { country: 'DE', number: '0151 23' },
      refused: 'phone-invalid',
    },
    'only method': { ...addPhone, together: ['text'], hasOtherMethods: false },
    'a fixed line': {
      ...addPhone,
      typed: { country: 'DE', number: '030 123456' },
      refused: 'phone-fixed-line',
    },
    confirming: {
      ...addPhone,
      shown: { number: '+1 201 555 0134' },
      challenge: { ...challenge, method: 'text', hint: '+1 ••• 34', attemptsLeft: 5 },
    },
    'confirming, closed': {
      ...addPhone,
      challenge: { ...challenge, method: 'text', attemptsLeft: 0, open: false },
    },
  },
} satisfies Readonly<Record<string, Readonly<Record<string, AddPage>>>>;
