/**
 * What stories say of a password that others may know: one house for a block, with the office
 * that marks accounts in it, and what came of it.
 */
import { expect } from 'chai';

import { createAccounts } from '../../src/models/account.ts';
import type { AuditEvent } from '../../src/models/audit-event.ts';
import { createAuditRecords } from '../../src/models/audit-record.ts';
import { administrationOf } from './administration.ts';
import { clock } from './clock.ts';
import { type House, openHouse } from './house.ts';
import { people, type PersonName } from './people.ts';
import { openPostBox } from './mail-server.ts';
import { recordsOf, rememberRecords } from './records.ts';
import type { Visitor } from './visitor.ts';
import { uidOf } from './at-each-step.ts';

export const NEW = 'lanterns over the harbour';
export const OTHER = 'paper boats at daybreak';
export const PAGE = 'sign-in/new-password';
export const MFA = { acr_values: 'urn:doorstep:acr:mfa' };
export const OFFLINE = { scope: 'openid offline_access', prompt: 'consent' };

export type Fields = Readonly<Record<string, string>>;

export const twice = (password: string) => ({ password, repeated: password });

export const tokenOf = (visitor: Visitor): string =>
  visitor.html().querySelector('[name="_csrf"]')?.getAttribute('value') ?? '';

/** By hand, to any act, with the token of the page that the visitor sees. */
export const posts = (visitor: Visitor, act: string, fields: Fields | string): Promise<Response> =>
  visitor.raw(`/sign-in/${uidOf(visitor)}/${act}`, {
    method: 'POST',
    body:
      typeof fields === 'string'
        ? new URLSearchParams(`_csrf=${tokenOf(visitor)}&${fields}`)
        : new URLSearchParams({ _csrf: tokenOf(visitor), ...fields }),
  });

/** One house for a block, and what its stories say. */
export function openStory(twoSteps: 'everyone' | 'when-asked') {
  let house: House;
  let post: Awaited<ReturnType<typeof openPostBox>>;
  let moveBack: () => Promise<void>;
  before(async () => {
    post = await openPostBox();
    const mail = { url: post.url, from: 'Doorstep <no@example.org>' };
    house = await openHouse({ policy: { twoSteps }, channels: { mail } });
    moveBack = await rememberRecords(house);
  });
  after(async () => {
    await post.close();
    await house.close();
  });
  beforeEach(async () => {
    await house.settles();
    clock.advance({ days: 2 });
    house.carrier.texts.length = 0;
    post.mails.length = 0;
    await moveBack();
  });

  const story = {
    get house(): House {
      return house;
    },
    mailsTo: (name: PersonName) => post.subjectsTo(people[name].email),
    office: () => administrationOf(house),
    marks: (name: PersonName) => story.office().passwords.requireChange(name, 'in a leak'),
    accountOf: (name: PersonName) => createAccounts(house.connection).findById(`id-${name}`),
    async passwordOf(name: PersonName): Promise<string> {
      const account = await story.accountOf(name);
      return JSON.stringify(account?.credentials.find(({ kind }) => kind === 'password')?.data);
    },
    async granted(): Promise<readonly string[]> {
      const { OidcRecord = [] } = await recordsOf(house.connection);
      return OidcRecord.filter((line) => !/"kind":"(Client|Interaction)"/.test(line));
    },
    async told(): Promise<AuditEvent[]> {
      await house.settles();
      const events: AuditEvent[] = [];
      for await (const record of createAuditRecords(house.connection).inOrder()) {
        events.push(...record.events);
      }
      return events;
    },
    async bobAtNewPassword(more: Fields = {}): Promise<Visitor> {
      const bob = await house.atSecondStep('bob', more);
      await bob.says({ code: house.carrier.lastCode(people.bob.phone) });
      expect(bob.sees()).to.equal(PAGE);
      return bob;
    },
    /** As far as it goes, with the second step where one is asked. */
    async signsIn(name: PersonName, password: string, more: Fields = {}): Promise<Visitor> {
      const visitor = house.visitor(name);
      await visitor.opens(await house.shop.signIn(more));
      await visitor.identifies(password, { stay: true });
      if (visitor.sees() === 'methods/code/answer') await visitor.says({ code: visitor.code() });
      if (visitor.sees() === 'sign-in/consent') await visitor.says({});
      return visitor;
    },
  };
  return story;
}
