import { expect } from 'chai';

import { createPolicyAdministration } from '../../../src/administration/policy.ts';
import { createTelling } from '../../../src/administration/telling.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { PolicyVersion } from '../../../src/models/policy.ts';
import { createPolicyInForce } from '../../../src/policy/policy.ts';
import type { Policy } from '../../../src/policy/shape.ts';
import { event } from '../../support/chain.ts';

const [on, off] = [{ signIn: true }, { signIn: false }];
const begins: Policy = {
  twoSteps: 'everyone',
  methods: { approve: on, code: on, text: on, 'recovery-code': on },
  phoneCountries: [],
  ...{ rememberDays: 0, passwordMinimum: 8, passwordMinimumAlone: 15 },
};

/** `between` happens after each reading. */
function policyOffice(between: (versions: PolicyVersion[]) => void = () => undefined) {
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
    ...{ author: 'Ada', hasChannel: () => false },
  });
  return { office, versions, recorded };
}

const codeOf = async (act: Promise<unknown>): Promise<unknown> =>
  act.then(
    () => 'done',
    (error: unknown) => (error as { code?: string }).code,
  );

describe('The policy, as administrators change it', () => {
  it('gets a version with one part replaced, by whom and why', async () => {
    const { office, versions, recorded } = policyOffice();
    expect(await office.set('methods.text.signIn', false, 'costs')).to.equal(2);
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
    const { office, versions } = policyOffice((all) => {
      if (left-- > 0) all.push({ ...all[0], policy: theirs, _id: 2 } as PolicyVersion);
    });
    expect(await codeOf(office.set('rememberDays', 14, 'asked for'))).to.equal(
      'policy-changed-meanwhile',
    );
    expect(versions.at(-1)?.policy).to.deep.equal(theirs);
  });

  it('refuses what is no policy, has no reason or lets nobody set up a second step', async () => {
    const { office, versions, recorded } = policyOffice();
    const alone = { ...begins.methods, approve: off, code: off };
    for (const [act, code] of [
      [office.set('twoSteps', 'nobody', 'why'), 'policy-unfit'],
      [office.set('methods.fax.signIn', true, 'why'), 'policy-key-unknown'],
      [office.set('twoSteps', 'when-asked'), 'reason-missing'],
      [office.replace({ ...begins, methods: alone }, 'why'), 'policy-without-second-step'],
      [office.find(7), 'policy-version-unknown'],
    ] as const) {
      expect(await codeOf(act)).to.equal(code);
    }
    expect(versions).to.have.length(1);
    expect(recorded).to.deep.equal([]);
  });
});
