import { expect } from 'chai';

import { amrOf } from '../../../src/assurance/amr.ts';
import { lasting } from '../../../src/assurance/freshness.ts';
import {
  type Goal,
  levelOf,
  supportedAcrs,
  type TrustRules,
  whatIsLacking,
} from '../../../src/assurance/levels.ts';
import { acr } from '../../../src/assurance/proof.ts';
import { stillHeld, trustOf } from '../../../src/assurance/trusted-browser.ts';
import { ago, code, key, now, password, trust } from './proofs.ts';

const { pwd, mfa, phr, phrh } = acr;
const satisfying: TrustRules = { trustSatisfies: true };

describe('A browser that is trusted (S-034)', () => {
  const asks: Readonly<Record<string, Pick<Goal, 'isPolicysOwn'>>> = {
    'an app': {},
    'policy alone': { isPolicysOwn: true },
  };
  const all = Object.keys(asks).flatMap((who) =>
    supportedAcrs.flatMap((level) =>
      [0, 23.99, 24, 24 * 364].flatMap((hours) =>
        [{}, satisfying].map((rules) => ({ who, level, hours, rules })),
      ),
    ),
  );
  for (const { who, level, hours, rules } of all) {
    const isByRule = rules === satisfying && hours < 24;
    const does = level === pwd || (level === mfa && (who === 'policy alone' || isByRule));
    const says = rules === satisfying ? 'where it satisfies apps' : 'where it does not';
    it(`${does ? 'will do' : 'will not do'} for ${who} and ${level} after ${hours} h ${says}`, () => {
      const goal = { acr: level, ...asks[who], ...rules };
      const lacking = whatIsLacking(goal, [password(), trust(hours)], now);
      expect(lacking.length === 0).to.equal(does);
    });
  }

  it('stands for no password, and for nothing from before max_age', () => {
    const goal = { acr: mfa, isPolicysOwn: true, ...satisfying } as const;
    expect(whatIsLacking(goal, [trust(), code()], now)).to.have.length(1);
    const since = { ...goal, notBefore: ago(1) };
    expect(whatIsLacking(since, [password(), trust(2)], now)).to.have.length(1);
    expect(whatIsLacking(since, [password(), trust(0.5)], now)).to.have.length(0);
  });

  for (const [title, hours, rules, level] of [
    ['nothing without the rule', 0, {}, pwd],
    ['two steps by the rule', 23.99, satisfying, mfa],
    ['two steps for a day', 24, satisfying, pwd],
  ] as const) {
    it(`raises the level to ${title}, and amr by nothing`, () => {
      const proofs = [password(), trust(hours)];
      expect(levelOf(proofs, now, rules)).to.equal(level);
      expect(amrOf(proofs, now)).to.deep.equal(['pwd']);
    });
  }

  it('makes no key of a code, nor a key of a password', () => {
    expect(levelOf([password(), code(), trust()], now, satisfying)).to.equal(mfa);
    expect(levelOf([password(), key(), trust()], now, satisfying)).to.equal(phr);
    expect([phr, phrh]).not.to.include(levelOf([password(), trust()], now, satisfying));
  });

  it('lasts in a session however long the browser is away, as long as the account holds it', () => {
    const spans = {
      ...{ mfaSeconds: 86_400, mfaIdleSeconds: 3600 },
      ...{ phrhSeconds: 43_200, phrhIdleSeconds: 900 },
    };
    const proofs = [password(25), trustOf('x', { id: 'b', provedAt: ago(25) })];
    const left = lasting(proofs, spans, { now, awaySeconds: 80_000 });
    expect(left).to.deep.equal(proofs);
    expect(stillHeld(left, [{ id: 'b', provedAt: ago(25) }])).to.deep.equal(proofs);
    expect(stillHeld(left, [{ id: 'other', provedAt: ago(25) }])).to.deep.equal([password(25)]);
  });
});
