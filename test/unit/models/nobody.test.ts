import { expect } from 'chai';
import { mongo } from 'mongoose';

import { kinds } from '../../../src/credentials/index.ts';
import { type Account, standIn } from '../../../src/models/account.ts';
import { soundOrNobody } from '../../../src/models/nobody.ts';
import { ada } from '../verification/rate-limits/counting.ts';

describe('An account that was looked for (S-007)', () => {
  const counted = () => {
    const decoded: unknown[] = [];
    const deserialize: typeof mongo.BSON.deserialize = (bytes) => {
      const document = mongo.BSON.deserialize(bytes);
      decoded.push(document);
      return document;
    };
    return { decoded, deserialize };
  };

  it('is decoded by the driver where there is one, and here where there is none', () => {
    const found = counted();
    expect(soundOrNobody(ada, found)).to.deep.equal(ada);
    expect(found.decoded).to.have.length(0);
    for (const nothing of [null, undefined]) {
      const missed = counted();
      expect(soundOrNobody<Account>(nothing, missed)).to.equal(undefined);
      expect(missed.decoded).to.deep.equal([standIn]);
    }
  });

  it('stands for most accounts: every kind of credential but passes, each as it is kept', () => {
    const known: Readonly<
      Record<string, { stored: { safeParse(data: unknown): { success: boolean } } }>
    > = kinds;
    for (const { kind, data } of standIn.credentials) {
      expect(known[kind]?.stored.safeParse(data).success, kind).to.equal(true);
    }
    expect(standIn.credentials.map(({ kind }) => kind)).to.have.members(
      // Hardly anybody has one, and nobody for long.
      Object.keys(kinds).filter((kind) => kind !== 'temporary-access-pass'),
    );
    expect(soundOrNobody(standIn)).to.deep.equal(standIn);
  });
});
