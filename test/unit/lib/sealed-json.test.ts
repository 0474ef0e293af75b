import { expect } from 'chai';
import { z } from 'zod';

import { vaultOf } from '../../../src/credentials/vault.ts';
import { createCrypt } from '../../../src/lib/crypt.ts';
import { sealedJson } from '../../../src/lib/sealed-json.ts';

const Ticket = z.object({ account: z.string(), until: z.coerce.date() });

describe('A value that is sealed as JSON', () => {
  const crypt = createCrypt(['a secret for sealing']);
  const tickets = sealedJson(crypt, Ticket);
  const ticket = { account: 'id-ada', until: new Date('2026-03-01T12:00:00Z') };

  it('comes out as it was, in its own place only', () => {
    const sealed = tickets.seal(ticket, 'tickets');
    expect(tickets.open(sealed, 'tickets')).to.deep.equal(ticket);
    expect(() => tickets.open(sealed, 'elsewhere')).to.throw();
    expect(tickets.read(sealed, 'elsewhere')).to.equal(undefined);
  });

  it('is the JSON of it and nothing more, so that what was stored before can be read', () => {
    const before = crypt.seal(JSON.stringify(ticket), 'tickets');
    expect(tickets.read(before, 'tickets')).to.deep.equal(ticket);
    expect(crypt.open(tickets.seal(ticket, 'tickets'), 'tickets')).to.equal(JSON.stringify(ticket));
  });

  it('is nothing where it has another shape, or is no JSON', () => {
    for (const text of ['{"account":"id-ada"}', '{"account":1,"until":0}', 'null', 'no JSON', '']) {
      const sealed = crypt.seal(text, 'tickets');
      expect(() => tickets.open(sealed, 'tickets'), text).to.throw();
      expect(tickets.read(sealed, 'tickets'), text).to.equal(undefined);
    }
  });

  it('may be sealed by a vault, which has a place of its own', () => {
    const codes = sealedJson(vaultOf(crypt, 'id-ada', 'id-codes'), z.array(z.string()));
    const others = sealedJson(vaultOf(crypt, 'id-bob', 'id-codes'), z.array(z.string()));
    const sealed = codes.seal(['one', 'two']);
    expect(codes.open(sealed)).to.deep.equal(['one', 'two']);
    expect(others.read(sealed)).to.equal(undefined);
  });
});
