/**
 * The samples of every mail and text.
 */
import { notices } from '../src/audit/notices.ts';

export const longName =
  'The Quite Extraordinarily Long-Named Department of Tea, Coffee and Biscuits';

/** Each notice as it is told, one of them without a browser: the command line did it. */
const told = {
  ...{ username: 'ada', name: 'Ada Lovelace', by: 'person', at: '2026-03-01T12:00:00Z' },
  ...{ address: '192.0.2.7', browser: 'Firefox, Windows', zone: 'Europe/Berlin' },
  account: 'https://id.example.org/account',
};
const noticeSamples = Object.values(notices).map(({ about, disowning }) => {
  const method = about.startsWith('method-') ? { method: 'code' } : {};
  const left = about === 'recovery-code-used' ? { left: '7' } : {};
  const trusted = about.startsWith('trust-') ? { trusted: 'Safari, macOS' } : {};
  const until = about === 'pass-issued' ? { until: '2026-03-01T13:00:00Z' } : {};
  const link = disowning ? { link: 'https://id.example.org/account/not-me?token=t1' } : {};
  const shutOut = about === 'account-disabled' && { account: undefined };
  const more = { ...method, ...left, ...trusted, ...until, ...link };
  const values = { ...told, ...more, about, ...shutOut };
  return [`notice: ${about}`, ['notice', 'mail', values]] as const;
});
const byOthers = {
  ...{ username: 'ada', name: longName, by: 'administration', at: '2026-03-01T12:00:00Z' },
  about: 'account-disabled',
};

const letIn = { ...told, link: 'https://id.example.org/let-in?token=t1' };

const asked = { purpose: 'sign-in', client: 'Tea Shop' };

export const messageSamples = {
  ...Object.fromEntries(noticeSamples),
  'notice: by the administration': ['notice', 'mail', byOthers],
  'let this browser in': ['let-in', 'mail', letIn],
  'call to sign in': ['call', 'voice', { says: 'ask', digits: '2', ...asked }],
  'call that reads a code': ['call', 'voice', { says: 'code', code: '1, 2, 3, 4, 5, 6', ...asked }],
  'call, answered': ['call', 'voice', { says: 'passed' }],
  'call, answered wrongly': ['call', 'voice', { says: 'wrong-answer' }],
  'call, refused': ['call', 'voice', { says: 'denied' }],
  'call, over': ['call', 'voice', { says: 'over' }],
  'mail to set up an address': [
    ...['code', 'mail', { code: '12345678', purpose: 'enrol', minutes: '10' }],
  ],
  'mail to reset a password': [
    ...['code', 'mail', { code: '12345678', purpose: 'reset', minutes: '10' }],
  ],
  'text to sign in': ['code', 'sms', { code: '123456', purpose: 'sign-in', client: 'Tea Shop' }],
  'text to set up a phone': ['code', 'sms', { code: '123456', purpose: 'enrol', client: longName }],
} as const;
