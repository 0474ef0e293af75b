/**
 * The samples of the pages of "My account" beside Security info.
 */
import { happenings } from '../src/security-info/activity.ts';
import { change, page } from './gallery-samples-account.ts';
import { longName } from './gallery-samples-messages.ts';

const day = '2026-03-01T09:00:00.000Z';
const seenAt = '2026-03-02T17:45:00.000Z';
const firefox = { browser: 'Firefox, Windows', since: day, seenAt };
const here = { ...firefox, id: 's1', isHere: true, address: '203.0.113.7', apps: ['Tea Shop'] };
const old = { id: 's3', isHere: false, since: day, seenAt, apps: [] };
const phone = {
  ...{ id: 's2', browser: 'Chrome, Android', isHere: false, since: day, seenAt },
  ...{ address: '2001:db8:85a3:1234:5678:8a2e:370:7334', apps: ['Tea Shop', longName] },
};
const trusted = { ...firefox, id: 't1', isHere: true, until: '2026-03-31T09:00:00.000Z' };

const app = {
  ...{ isFirstParty: false, isOffline: false, since: day },
  scopes: ['openid', 'profile', 'email', 'shelf:read'],
};

const byOthers = { at: day, result: 'done' as const, isByOthers: true, methods: [] };
const signIn = {
  ...{ ...byOthers, what: 'sign-in.finished', isByOthers: false },
  ...{ browser: 'Firefox, Windows', address: '203.0.113.7' },
};

export const morePagesSamples = {
  'account/sessions': {
    several: {
      ...{ ...page, zone: 'Europe/Berlin', sessions: [here, phone, old] },
      browsers: [trusted, { ...trusted, id: 't2', isHere: false }],
    },
    'this one alone': { ...page, sessions: [here], browsers: [] },
    'just ended': {
      ...{ ...page, sessions: [here], browsers: [] },
      done: { act: 'end-sessions' as const, count: 2 },
    },
    'ended before': {
      ...{ ...page, sessions: [here], browsers: [] },
      done: { act: 'end-session' as const, count: 0 },
    },
  },
  'account/activity': {
    several: {
      ...{ ...page, isOlder: false, zone: 'Europe/Berlin', older: '7-0' },
      rows: [
        { ...signIn, methods: ['password', 'code'], app: longName },
        { ...signIn, what: 'sign-in.stepped-up', methods: ['security-key'] },
        { ...signIn, what: 'second-factor.failed', result: 'failed' as const, methods: ['code'] },
        { ...signIn, what: 'password.failed', result: 'failed' as const, methods: ['password'] },
        { ...signIn, what: 'code.replayed', result: 'refused' as const, methods: ['text'] },
        { ...byOthers, what: 'password.change-required' },
      ],
    },
    'every event': {
      ...{ ...page, isOlder: true },
      rows: happenings.map((what) => ({ ...byOthers, what, isByOthers: false })),
    },
    none: { ...page, rows: [], isOlder: false },
  },
  'account/apps': {
    several: {
      ...page,
      apps: [
        { ...app, id: 'a1', name: 'Tea Shop', isFirstParty: true },
        { ...app, id: 'a2', name: longName, isOffline: true },
      ],
    },
    none: { ...page, apps: [] },
    'just taken back': {
      ...{ ...page, apps: [{ ...app, id: 'a1', name: 'Tea Shop' }] },
      done: { act: 'end-app' as const, app: 'A Partner', count: 1 },
    },
  },
  'security-info/end-app': {
    'of somebody else': { ...change, app: 'A Partner', isFirstParty: false },
    'of the organisation': { ...change, app: longName, isFirstParty: true },
  },
  'account/profile': {
    plain: { ...page, email: 'ada@example.org', isSaved: false },
    'just saved': { ...page, language: 'fr', isSaved: true },
  },
};
