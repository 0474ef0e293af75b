/**
 * Problems as people are told of them, and what helps where others guess a password or got in.
 */
import type { Pages } from '../src/web/page.ts';

const username = 'ada@example.org';
const flow = { at: '/sign-in/u1', csrf: 'c1', client: { name: 'Tea Shop' } };

const disowned = { at: '/account/not-me', csrf: 'c1', account: username };

type Of<Name extends keyof Pages> = Readonly<Record<string, Pages[Name]>>;

export const problemSamples: {
  readonly [
    Name in Extract<keyof Pages, 'problem' | `sign-in/let-in${string}` | `not-me/${string}`>
  ]: Of<Name>;
} = {
  problem: {
    'too many tries': {
      code: 'too-many-tries',
      details: {},
      requestId: '01JD3K7Q',
      retryInSeconds: 260,
      back: { href: '/sign-in/u1' },
    },
    'others guess the password': {
      code: 'too-many-tries',
      details: {},
      requestId: '01JD3K7S',
      retryInSeconds: 30,
      back: { href: '/sign-in/u1' },
      help: { words: 'held-up', act: 'let-in', at: '/sign-in/u1', csrf: 'c1' },
    },
    'others guess the password, and there is no mail': {
      code: 'too-many-tries',
      details: {},
      requestId: '01JD3K7T',
      back: { href: '/sign-in/u1' },
      help: { words: 'held-up', at: '/sign-in/u1', csrf: 'c1' },
    },
    'a link that is over': { code: 'link-over', details: {}, requestId: '01JD3K7U' },
    'refused, while developing': {
      ...{ code: 'request-refused', details: {}, requestId: '01JD3K7V' },
      why: 'redirect_uri http://127.0.0.1:9/<b>x</b> is not registered for tea-shop',
    },
    'a sign-in that is over': {
      ...{ code: 'flow-expired', details: {}, requestId: '01JD3K7W' },
      back: { href: 'https://shop.example/', client: 'Tea Shop' },
    },
    'away for now': {
      ...{ code: 'unavailable', details: {}, requestId: '01JD3K7X', retryInSeconds: 5 },
      back: { href: '/auth?client_id=tea-shop', words: 'again' },
    },
    'a bug': { code: 'internal', details: {}, requestId: '01JD3K7R' },
  },
  'sign-in/let-in': { plain: { ...flow, username } },
  'sign-in/let-in-confirm': { plain: { at: '/let-in', csrf: 'c1', token: 't1' } },
  'sign-in/let-in-done': { plain: {} },
  'not-me/confirm': {
    added: { ...disowned, suspends: true, contests: false, needsNewPassword: false },
    deleted: { ...disowned, suspends: false, contests: true, needsNewPassword: false },
    password: { ...disowned, suspends: false, contests: false, needsNewPassword: true },
  },
  'not-me/done': { plain: { account: username } },
};
