/**
 * The samples of "My account" and of what is changed there.
 */
import { longName } from './gallery-samples-messages.ts';

export const page = {
  person: { name: 'Ada Lovelace', username: 'ada' },
  csrf: 'c1',
  signOutAt: '/session/end',
};
export const change = {
  ...{ at: '/account/change/u1', csrf: 'c1', client: { name: 'Example' }, isSignedIn: true },
  username: 'ada',
};
const day = '2026-03-01T09:00:00.000Z';
const can = {
  isOff: false,
  isSuspended: false,
  mayRename: false,
  mayReplace: false,
  mayRemove: true,
};
const app = { ...can, id: 'a1', method: 'code', addedAt: day, lastUsedAt: day };
const phone = {
  ...{ ...can, id: 'p1', method: 'text', kind: 'phone', addedAt: day },
  ...{ value: '+1 425 555 0134', mayReplace: true },
};
const email = {
  ...{ id: 'e1', method: 'email', value: 'ada@example.org', addedAt: '2026-03-01T12:00:00Z' },
  ...{
    isOff: false,
    isSuspended: false,
    isForResets: true as const,
    mayRename: false,
    mayReplace: true,
  },
  mayRemove: true,
};
const key = {
  ...{ ...can, id: 'k1', method: 'security-key', addedAt: day, value: longName },
  mayRename: true,
};
const pass = {
  ...{ ...can, id: 't1', method: 'temporary-access-pass', addedAt: day },
  good: { until: '2026-03-01T10:00:00.000Z' },
};
const texts = { method: 'text', hint: '+1 ••• 34' };
const listing = {
  ...{
    ...page,
    mayChangeDefault: true,
    mayAdd: true,
    codesLeft: 8,
    isOnlyOne: false,
    isOnPhone: true,
    wasHelped: false,
  },
  deleted: [],
  begins: texts,
  hasPassword: true,
};

export const accountSamples = {
  'account/security-info': {
    several: { ...listing, methods: [app, phone, key, email, { ...app, id: 'a2', isOff: true }] },
    'after “This wasn’t me”': {
      ...{ ...listing, methods: [app, { ...key, isSuspended: true }], isOnlyOne: true },
      deleted: [{ id: 'p2', method: 'text', kind: 'phone', hint: '+1 ••• 34', removedAt: day }],
    },
    'with a pass': {
      ...{ ...listing, methods: [phone, pass], isOnlyOne: true },
    },
    'with a pass for later': {
      ...listing,
      methods: [app, phone, { ...pass, good: { ...pass.good, from: day } }],
    },
    'after help': { ...listing, methods: [app, phone], wasHelped: true },
    'one alone': { ...listing, methods: [phone], isOnlyOne: true, codesLeft: 1 },
    none: {
      ...{ ...page, methods: [], deleted: [], mayChangeDefault: false, mayAdd: false },
      ...{ isOnlyOne: false, hasPassword: false, isOnPhone: false, wasHelped: false },
    },
    'just deleted': {
      ...{ ...listing, methods: [phone], isOnlyOne: true },
      done: {
        ...{ act: 'remove' as const, method: 'code', begins: texts },
        ...{ restorable: 'a1', mayUndo: true },
      },
    },
  },
  'account/new-phone': {
    several: {
      ...page,
      methods: [
        { ...app, mayMove: true },
        { ...app, id: 'a2', method: 'approve', value: longName, mayMove: true },
        { ...app, id: 'a3', isOff: true, mayMove: false },
      ],
    },
    none: { ...page, methods: [] },
    'just moved': {
      ...{ ...page, methods: [{ ...app, mayMove: true }] },
      done: { act: 'move' as const, method: 'code', mayUndo: false as const },
    },
  },
  'security-info/choose-method': {
    several: {
      ...{ ...change, isMoving: false },
      methods: [{ method: 'security-key' }, { method: 'code' }, { method: 'text', kind: 'phone' }],
    },
    none: { ...change, methods: [], isMoving: false },
    'for a new phone': {
      ...{ ...change, isMoving: true },
      methods: [{ method: 'approve' }, { method: 'code' }],
    },
    'nothing for a new phone': { ...change, methods: [], isMoving: true },
  },
  'security-info/added': {
    app: { ...change, method: 'code', isMoved: false },
    'on a new phone': { ...change, method: 'approve', hint: longName, isMoved: true },
  },
  'security-info/remove': {
    phone: {
      ...{ ...change, ...phone, isNeeded: false, mayUndo: true },
      instead: { method: 'code' },
    },
    'the last one': { ...change, ...phone, isNeeded: true, mayUndo: true },
    'nothing instead': { ...change, ...key, isNeeded: false, mayUndo: true },
    'for good': { ...change, ...pass, isNeeded: false, mayUndo: false },
  },
  'security-info/rename': { key: { ...change, method: 'security-key', name: 'Blue key' } },
  'security-info/default': {
    several: {
      ...change,
      choices: [
        { method: 'code', credential: 'a1', isDefault: true },
        { ...texts, credential: 'p1', isDefault: false },
        { ...texts, method: 'call', credential: 'p1', isDefault: false },
      ],
    },
  },
  'security-info/make-codes': { some: { ...change, left: 3 }, none: change },
  'security-info/old-password': { plain: change },
  'security-info/new-password': {
    plain: { ...change, fewest: 8 },
    'used before': { ...change, fewest: 8, flaw: 'password-used-before' },
  },
  'security-info/continue': { plain: change },
  'security-info/expired': { plain: {} },
};
