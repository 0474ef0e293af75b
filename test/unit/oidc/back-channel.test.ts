/**
 * Which apps are still told of a sign-out, and which are forgotten, with a library that only
 * finds apps.
 */
import { expect } from 'chai';
import type Provider from 'oidc-provider';
import { errors } from 'oidc-provider';

import type { LogoutNotice, LogoutNotices } from '../../../src/models/logout-notice.ts';
import { attachBackChannel, noticeOf } from '../../../src/oidc/back-channel.ts';

const now = new Date('2026-11-22T12:00:00Z');

/** What becomes of a notice, where its app is found like that. */
async function sweptWhere(find: () => Promise<object | undefined>): Promise<string[]> {
  const did: string[] = [];
  const note = (what: string) => async () => void did.push(what);
  const notice = noticeOf({ clientId: 'shop', accountId: 'ada', sid: 'sid' }, now);
  const logoutNotices: LogoutNotices = {
    add: async () => undefined,
    due: async () => [notice],
    lease: async (item: LogoutNotice) => ({ ...item, tries: item.tries + 1 }),
    postpone: note('postponed'),
    drop: note('dropped'),
  };
  const prototype = { backchannelLogout: note('told') };
  const IdToken = { prototype: {} };
  const provider = { Client: { find, prototype }, IdToken } as unknown as Provider;
  const log = { warn: (_: object, event: string) => void did.push(event) };
  const { sweep } = attachBackChannel(provider, { logoutNotices, clock: { now: () => now }, log });
  await sweep().catch((error: unknown) => did.push(String(error)));
  return did;
}

describe('A notice of a sign-out', () => {
  const away = Object.assign(new Error('away'), { name: 'MongoNetworkError' });
  for (const [what, find, becomes] of [
    [
      'is sent to an app that wants it',
      async () => ({ backchannelLogoutUri: 'https://shop' }),
      ['told', 'dropped'],
    ],
    ['is dropped where the app is gone', async () => undefined, ['dropped']],
    ['is dropped where the app wants none', async () => ({}), ['dropped']],
    [
      'is dropped where the app is no good any more',
      async () => Promise.reject(new errors.InvalidClientMetadata('of an older kind')),
      ['dropped'],
    ],
    [
      'is kept where the database cannot say',
      async () => Promise.reject(away),
      ['logout-notice.failed', 'MongoNetworkError: away'],
    ],
    [
      'is kept where the app cannot be read',
      async () => Promise.reject(new Error('a broken seal')),
      ['logout-notice.failed'],
    ],
  ] as const) {
    it(what, async () => void expect(await sweptWhere(find)).to.deep.equal(becomes));
  }
});
