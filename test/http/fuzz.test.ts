/**
 * Thousands of requests with a mistake in them, over everything that the house answers:
 * none is a fault of ours, and nobody gets anywhere. SOAK_ROUNDS says how many, SOAK_SEED
 * repeats them.
 */
import { expect } from 'chai';

import type { Proof } from '../../src/assurance/proof.ts';
import type { Account } from '../../src/models/account.ts';
import { everyWay } from '../support/at-each-step.ts';
import { clock } from '../support/clock.ts';
import { providerDrafts, signInDrafts } from '../support/request-samples.ts';
import { type House, openHouse } from '../support/house.ts';
import { flipped, mistakes, type Mistake, mutated } from '../support/mutator.ts';
import { rememberRecords } from '../support/records.ts';
import { isSoak, rounds, seed, slowness } from '../support/soak.ts';
import { bytesOf, type Draft, send, type WireAnswer } from '../support/raw-requests.ts';

const REQUESTS = 600;
/** After so many everybody comes anew: sign-ins get used up, and pauses would hide the rest. */
const AT_A_TIME = 300;
const MOST_MILLISECONDS = 2_000 * slowness;

const isFault = (line: string): boolean => /(request|page)\.(failed|broke)/.test(line);

describe(`Requests with mistakes (SOAK_SEED=${seed})`, () => {
  let house: House;
  let moveIn: () => Promise<void>;
  const unhandled: unknown[] = [];
  const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
  before(async () => {
    process.on('unhandledRejection', onUnhandled);
    house = await openHouse({ ...everyWay, log: { level: 'info' } });
    moveIn = await rememberRecords(house);
  });
  after(async () => {
    process.off('unhandledRejection', onUnhandled);
    await house.close();
  });

  const all = mistakes(rounds(REQUESTS), seed);
  for (let from = 0; from < all.length; from += AT_A_TIME) {
    const some = all.slice(from, from + AT_A_TIME);
    it(`get a calm answer and lead nowhere, from the ${from + 1}st on (R-35)`, async function () {
      this.timeout(120_000 * slowness);
      clock.advance({ days: 1 });
      await moveIn();
      const provider = await providerDrafts(house);
      const drafts = [...(await signInDrafts(house)), ...provider, ...provider];
      const before = await holdings();
      for (const mistake of some) await sends(drafts, mistake);
      const { kept, gained } = await holdings();
      expect(kept).to.deep.equal(before.kept);
      expect(before.gained).to.include.members([...new Set(gained)]);
      expect(Reflect.get({}, 'polluted')).to.equal(undefined);
      expect(unhandled).to.deep.equal([]);
      expect((await house.logged()).split('\n').filter(isFault)).to.deep.equal([]);
      expect((await fetch(new URL('/readyz', house.issuer))).status).to.equal(200);
    });
  }

  async function sends(drafts: readonly Draft[], mistake: Mistake): Promise<void> {
    const draft = drafts[mistake.which % drafts.length];
    if (!draft) throw new Error('there is nothing to send');
    const bytes = flipped(bytesOf(mutated(draft, mistake)), mistake);
    const what = JSON.stringify(bytes.toString('latin1').slice(0, 3000));
    const begun = performance.now();
    isCalm(await send(Number(new URL(house.issuer).port), bytes), what);
    if (isSoak) expect(performance.now() - begun, what).to.be.below(MOST_MILLISECONDS);
  }

  function isCalm({ status, headers, text }: WireAnswer, what: string): void {
    expect(status, what).to.be.below(500);
    expect(text, what).not.to.match(/\bat .+\.[jt]s:\d+|node_modules|\/src\//);
    expect(headers.has('x-powered-by')).to.equal(false);
    expect((headers.get('set-cookie') ?? []).join(), what).not.to.contain('injected');
    const to = headers.get('location')?.[0];
    if (to !== undefined) {
      const { origin } = new URL(to, house.issuer);
      expect([house.issuer, new URL(house.shop.redirectUri).origin], what).to.include(origin);
    }
    // Node itself answers what is no request at all; and a redirect is no page.
    if (!headers.has('x-request-id') || (to !== undefined && text === '')) return;
    expect(headers.get('content-security-policy')?.[0], what).to.match(/^default-src 'none';/);
    expect(headers.get('x-content-type-options'), what).to.deep.equal(['nosniff']);
  }

  /** What no mistake may change, and what none may add to. */
  async function holdings() {
    const read = async <T>(model: string): Promise<T[]> =>
      house.connection.model(model).find().sort({ _id: 1 }).lean<T[]>().exec();
    const accounts = await read<Account>('Account');
    const records = await read<Stored>('OidcRecord');
    const proofs = [...(await read<Proving>('Flow')), ...records].flatMap(
      (one) => one.proofs ?? [],
    );
    return {
      kept: {
        // Wrong tries, finished sign-ins of Ada's and what is told of both may be added.
        accounts: accounts.map(({ identifiers, profile, roles, groups, credentials, ...more }) => ({
          ...{ identifiers, profile, roles, groups, credentials, preferred: more.preferred },
          ...{ disabledAt: more.disabledAt, credentialsVersion: more.credentialsVersion },
        })),
        clients: records.filter(({ kind }) => kind === 'Client'),
      },
      gained: [
        ...records.map(({ accountId = 'nobody' }) => accountId),
        ...proofs.map(({ account, method, at }) => `${account} ${method} ${at.toISOString()}`),
      ],
    };
  }
});

interface Proving {
  readonly proofs?: readonly Proof[];
}

interface Stored extends Proving {
  readonly kind: string;
  readonly accountId?: string;
}
