import { Readable } from 'node:stream';

import { expect } from 'chai';

import { createPolicyAdministration } from '../../../src/administration/policy.ts';
import { createTelling } from '../../../src/administration/telling.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { Account } from '../../../src/models/account.ts';
import type { PolicyVersion } from '../../../src/models/policy.ts';
import { createPolicyInForce } from '../../../src/policy/policy.ts';
import { event } from '../../support/chain.ts';
import { begins, rules } from './small-policy.ts';
import { ada } from '../verification/memory-people.ts';

const off = { signIn: false };

interface Given {
  /** Happens after each reading. */
  readonly between?: (versions: PolicyVersion[]) => void;
  readonly accounts?: readonly Account[];
}

function policyOffice({ between = () => undefined, accounts = [] }: Given = {}) {
  const first = { _id: 1, policy: begins, author: 'config', reason: '', at: new Date(0) };
  const versions: PolicyVersion[] = [first];
  const policies: object = {
    async newest() {
      const read = versions.at(-1);
      between(versions);
      return read;
    },
    find: async (version: number) => versions[version - 1],
    history: async () => versions.toReversed(),
    async add(version: PolicyVersion) {
      const isNew = version._id > versions.length;
      if (isNew) versions.push(version);
      return isNew;
    },
  };
  const recorded: string[] = [];
  const audit = {
    event: (name: string) => event(name),
    happened: () => undefined,
    record: async (events: readonly { readonly id: string }[]) =>
      void recorded.push(...events.map(({ id }) => id)),
    move: async () => false,
  };
  const ports = { policies: policies as Parameters<typeof createPolicyInForce>[0]['policies'] };
  const office = createPolicyAdministration({
    ...ports,
    policy: createPolicyInForce({ ...ports, begins, clock: systemClock }),
    telling: createTelling({ audit, administrator: { by: 'id-ada', roles: [] } }),
    ...{ author: 'Ada', hasChannel: () => false, rules },
    accounts: () => Readable.from(accounts),
  });
  return { office, versions, recorded };
}

const why = { reason: 'why' };

const codeOf = async (act: Promise<unknown>): Promise<unknown> =>
  act.then(
    () => 'done',
    (error: unknown) => (error as { code?: string }).code,
  );

describe('The policy, as administrators change it', () => {
  it('gets a version with one part replaced, by whom and why', async () => {
    const { office, versions, recorded } = policyOffice();
    const decided = await office.set('methods.text.signIn', false, { reason: 'costs' });
    expect(decided).to.deep.equal({ version: 2, isChanged: true, emptyGroups: [] });
    expect((await office.find()).policy).to.deep.equal({
      ...begins,
      methods: { ...begins.methods, text: off },
    });
    expect(versions[1]).to.include({ author: 'Ada', reason: 'costs' });
    expect(recorded).to.deep.equal(['policy.changed']);
    expect((await office.find(1)).policy).to.deep.equal(begins);
  });

  it('keeps what somebody else decided between reading and writing', async () => {
    const theirs = { ...begins, twoSteps: 'when-asked' as const };
    let left = 1;
    const { office, versions } = policyOffice({
      between(all) {
        if (left-- > 0) all.push({ ...all[0], policy: theirs, _id: 2 } as PolicyVersion);
      },
    });
    expect(await codeOf(office.set('rememberDays', 14, { reason: 'asked for' }))).to.equal(
      'policy-changed-meanwhile',
    );
    expect(versions.at(-1)?.policy).to.deep.equal(theirs);
  });

  it('refuses what is no policy, has no reason or lets nobody set up a second step', async () => {
    const { office, versions, recorded } = policyOffice();
    const alone = { ...begins.methods, approve: off, code: off };
    for (const [act, code] of [
      [office.set('twoSteps', 'nobody', why), 'policy-unfit'],
      [office.set('methods.fax.signIn', true, why), 'policy-key-unknown'],
      [office.set('methods.exclude', 'groups:staff', why), 'policy-key-unknown'],
      [office.set('methods.text.signIn.exclude', 'staff', why), 'policy-unfit'],
      [office.set('methods.text.signIn.only', 'groups:staff', why), 'policy-key-unknown'],
      [office.set('twoSteps', 'when-asked', {}), 'reason-missing'],
      [office.replace({ ...begins, methods: alone }, why), 'policy-without-second-step'],
      [office.find(7), 'policy-version-unknown'],
    ] as const) {
      expect(await codeOf(act)).to.equal(code);
    }
    expect(versions).to.have.length(1);
    expect(recorded).to.deep.equal([]);
  });

  it('names groups where a method was for everybody or nobody, and takes them back', async () => {
    const { office } = policyOffice();
    const text = async (path: string, value: unknown): Promise<unknown> => {
      await office.set(`methods.text.signIn${path}`, value, why);
      const { policy } = await office.find();
      return (policy as typeof begins).methods.text.signIn;
    };
    const [staff, others] = [['groups:staff'], ['groups:a', 'groups:b']];
    expect(await text('.exclude', 'groups:staff')).to.deep.equal({ exclude: staff });
    expect(await text('.include', others)).to.deep.equal({ exclude: staff, include: others });
    expect(await text('', {})).to.equal(true);
    expect(await text('', false)).to.equal(false);
    expect(await codeOf(text('.exclude', staff))).to.equal('policy-nobody-to-exclude');
    expect(await text('.include', staff)).to.deep.equal({ include: staff });
    expect(await text('', true)).to.equal(true);
  });

  it('says which of the groups that it names nobody is in', async () => {
    const contractor = { ...ada, groups: ['contractors'] };
    const { office } = policyOffice({ accounts: [contractor] });
    const named = ['groups:contractors', 'groups:contractor'];
    const decided = await office.set('methods.text.signIn.exclude', named, why);
    expect(decided.emptyGroups).to.deep.equal(['contractor']);
  });

  it('does nothing that would be felt before that is confirmed', async () => {
    const bob = { ...ada, credentials: ada.credentials.filter(({ kind }) => kind !== 'app') };
    const { office, versions, recorded } = policyOffice({ accounts: [bob] });
    const methods = { ...begins.methods, text: off, 'recovery-code': off };
    expect(await codeOf(office.replace({ ...begins, methods }, why))).to.equal('policy-locks-out');
    expect([versions.length, recorded.length]).to.deep.equal([1, 0]);
    const confirmed = { ...why, isConfirmed: true };
    expect((await office.replace({ ...begins, methods }, confirmed)).version).to.equal(2);
  });

  it('has what is decided since a version was stored that knows less', async () => {
    const { office, versions } = policyOffice();
    const { rememberDays: _, ...older } = begins;
    versions.push({ ...versions[0], _id: 2, policy: older } as PolicyVersion);
    await office.set('rememberDays', 7, why);
    expect((await office.find()).policy).to.deep.equal({ ...begins, rememberDays: 7 });
    expect((await office.find(2)).policy).to.deep.equal(older);
  });
});
