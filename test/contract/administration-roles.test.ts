/**
 * Who may do what of administration: every act has a row, whoever has not the role changes nothing,
 * and nobody acts on the account of an administrator but the command line (S-142).
 */
import { rm } from 'node:fs/promises';

import { expect } from 'chai';

import { scriptSettings } from '../../scripts/services.ts';
import { createAdministration } from '../../src/administration/administration.ts';
import type { Administrator } from '../../src/administration/administrator.ts';
import { mayDo } from '../../src/administration/may-do.ts';
import { isRefusal } from '../../src/administration/refusal.ts';
import { connectDatabase, createIndexes } from '../../src/database/connect.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { AuditEvent } from '../../src/models/audit-event.ts';
import {
  administratorRoles,
  AUTHENTICATION_ADMINISTRATOR,
  HELP_DESK,
  POLICY_ADMINISTRATOR,
} from '../../src/policy/administrator-roles.ts';
import { createAuditTrail, createServices } from '../../src/services.ts';
import { log as silent } from '../support/chain.ts';
import { ownDirectory } from '../support/own-directory.ts';
import { recordsOf } from '../support/records.ts';

const REASON = 'asked by phone';
/** Acts that only look. */
const looks = /\.(find|list|listToRegisterAgain|explain|count|history|verify)$/;

describe('An administrator', () => {
  let office: Awaited<ReturnType<typeof openOffice>>;
  before(async () => {
    office = await openOffice();
    const { accounts } = office.for({ by: 'command-line', roles: 'all' });
    for (const [username, roles] of [
      ['bob', ['reader', 'admin']],
      ...administratorRoles.map((role) => [role.replace(':', '-'), ['staff', role]] as const),
    ] as const) {
      await accounts.create({ username, roles: [...roles] }, 'seven grey geese');
    }
  });
  after(() => office.close());

  it('finds a row for every act, and an act for every row', () => {
    const acts = Object.keys(office.acts({ by: 'id-eve', roles: [] }));
    expect(acts.toSorted()).to.deep.equal(Object.keys(mayDo).toSorted());
  });

  for (const roles of [
    [],
    ['reader', 'admin', 'all'],
    ...administratorRoles.map((role) => [role]),
  ]) {
    it(`with the roles [${roles.join()}] does nothing that they do not say, and is told of`, async () => {
      const refused = Object.entries(mayDo)
        .filter(
          ([, allowed]) => !roles.some((role) => (allowed as readonly string[]).includes(role)),
        )
        .map(([act]) => act);
      const before = await office.changing();
      office.logged();
      const acts = office.acts({ by: 'id-eve', roles });
      for (const act of refused) expect(await codeOf(acts[act]?.()), act).to.equal('not-allowed');
      expect(await office.changing()).to.deep.equal(before);
      const told = refused.map((act) => ({ by: 'id-eve', result: 'refused', details: { act } }));
      expect(await office.refusals()).to.deep.equal(told);
      expect(office.logged().filter((event) => event === 'administration.refused')).to.have.length(
        refused.length,
      );
    });
  }

  for (const role of [HELP_DESK, AUTHENTICATION_ADMINISTRATOR] as const) {
    const changing = Object.entries(mayDo)
      .filter(([act, allowed]) => allowed.includes(role) && !looks.test(act))
      .map(([act]) => act);

    it(`of ${role} does not touch administrators, nor their own account`, async () => {
      const bob = await office.account('bob');
      const others = administratorRoles.map((other) => other.replace(':', '-'));
      const before = await office.changing();
      for (const username of ['bob', ...others]) {
        const acts = office.acts({ by: bob._id, roles: [role] });
        const { _id: account } = await office.account(username);
        for (const act of changing) {
          const code = await codeOf(acts[act]?.(username, ...askedOf(act, REASON)));
          expect(code, `${act} ${username}`).to.equal('not-allowed');
          const about = { by: bob._id, account, result: 'refused', details: { act } };
          expect(await office.refusals()).to.deep.equal([about]);
        }
      }
      expect(await office.changing()).to.deep.equal(before);
    });

    it(`of ${role} says why, or changes nothing`, async () => {
      const bob = await office.account('bob');
      const acts = office.acts({ by: 'id-eve', roles: [role] });
      const before = await office.changing();
      for (const act of changing) {
        const ask = (reason?: string) =>
          codeOf(acts[act]?.('bob', ...askedOf(act, reason, bob.credentials[0]?.id)));
        for (const reason of [undefined, '', ' \n ']) {
          expect(await ask(reason), act).to.equal('reason-missing');
        }
        const long = await ask('x'.repeat(501));
        expect(long, act).to.equal('reason-too-long');
      }
      expect(await office.changing()).to.deep.equal(before);
      expect(await office.refusals()).to.deep.equal([]);
    });
  }

  it('does what the roles say, with a reason and under their own name', async () => {
    const roles = [HELP_DESK, POLICY_ADMINISTRATOR];
    const { accounts, policy } = office.for({ by: 'id-eve', name: 'eve', roles });
    expect((await accounts.endSessions('bob', REASON)).username).to.equal('bob');
    const { version } = await policy.set('rememberDays', 7, { reason: 'shared desks' });
    expect(version).to.equal(2);
    expect((await policy.find()).author).to.equal('eve');
    const { audit } = office.for({ by: 'command-line', roles: 'all' });
    await office.settle();
    const {
      events: [told],
    } = await audit.list({ name: 'session.ended', most: 1 });
    const { _id: account } = await office.account('bob');
    expect(told).to.include({ by: 'id-eve', account, reason: REASON });
  });

  it('is shown no secret and nothing that one is compared with', async () => {
    const { accounts } = office.for({ by: 'id-eve', roles: [HELP_DESK] });
    expect(JSON.stringify(await accounts.find('bob')))
      .to.contain('"password"')
      .and.not.to.contain('argon2');
    const shown: unknown[] = [];
    for await (const account of await accounts.list()) shown.push(account);
    expect(shown).to.have.length(1 + administratorRoles.length);
    expect(JSON.stringify(shown)).not.to.contain('argon2');
  });
});

/** What an act is told besides the account: one of a method takes its id as well. */
const askedOf = (act: string, reason?: string, id = 'an id'): unknown[] => [
  act.startsWith('methods.') || act === 'browsers.revoke' || act === 'passes.issue'
    ? { id, reason, method: 'code' }
    : reason,
];

const codeOf = async (act: Promise<unknown> | undefined): Promise<unknown> =>
  (act ?? Promise.reject(new Error('there is no such act'))).then(
    () => 'done',
    (error: unknown) => (isRefusal(error) ? error.code : error),
  );

type AnyActs = Readonly<Record<string, (...given: unknown[]) => Promise<unknown>>>;

async function openOffice() {
  const directory = await ownDirectory();
  const settings = await scriptSettings({ NODE_ENV: 'test', DATA_DIRECTORY: directory });
  const database = await connectDatabase({ ...settings.database, log: silent });
  const { connection } = database;
  let logged: string[] = [];
  const info = (_: object, event: string): void => void logged.push(event);
  const log = Object.assign(Object.create(silent) as typeof silent, { info });
  const deps = { settings, connection, clock: systemClock, log };
  const services = createServices(deps);
  const audit = createAuditTrail(deps, services);
  await createIndexes(connection);
  await services.policy.read();
  const administrationFor = (administrator: Administrator) =>
    createAdministration({ ...deps, ...services, audit }, administrator);
  let seen = new Set<string>();

  return {
    for: administrationFor,

    /** By their names, for whoever tries all of them. */
    acts(administrator: Administrator): AnyActs {
      const groups = Object.entries(administrationFor(administrator));
      return Object.fromEntries(
        groups.flatMap(([group, acts]) =>
          Object.entries(acts as AnyActs).map(([name, act]) => [`${group}.${name}`, act]),
        ),
      );
    },

    async account(username: string) {
      const found = await services.accounts.findByIdentifier(username);
      return found ?? expect.fail(`no ${username}`);
    },

    /** All that is stored but the audit. */
    async changing() {
      await audit.move();
      const { AuditRecord: _, AuditHead: __, ...rest } = await recordsOf(connection);
      return rest;
    },

    /** Those that are new in the chain, oldest first. */
    async refusals() {
      const all: AuditEvent[] = [];
      for await (const { events } of services.audited.inOrder()) all.push(...events);
      const fresh = all.filter(({ id }) => !seen.has(id));
      seen = new Set(all.map(({ id }) => id));
      return fresh
        .filter(({ name }) => name === 'administration.refused')
        .map(({ id: _, at: __, name: ___, ...event }) => event);
    },

    /** Names of events since this was asked last. */
    logged(): string[] {
      const all = logged;
      logged = [];
      return all;
    },
    settle: () => audit.move(),

    async close(): Promise<void> {
      await database.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
