import { expect } from 'chai';

import { email } from '../../../src/credentials/email.ts';
import { Problem } from '../../../src/lib/problem.ts';
import { draftPorts as ports } from '../methods/ports.ts';

async function outcome(address: string, held: readonly unknown[] = []): Promise<string> {
  try {
    return (await email.adding.draft({ address }, { ...ports, held })).address;
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

const long = (length: number): string =>
  `${'a'.repeat(64)}@${`${'b'.repeat(60)}.`.repeat(4)}`.slice(0, length - 4).concat('.org');

describe('email', () => {
  // What is typed, and where it is sent to.
  const taken: readonly (readonly [string, string])[] = [
    ['ada@example.org', 'ada@example.org'],
    ['  ada@example.org ', 'ada@example.org'],
    ['\u2066ada@example.org\u2069', 'ada@example.org'],
    ['Ada.Lovelace+reset@EXAMPLE.org', 'Ada.Lovelace+reset@example.org'],
    ["o'neil_1@mail.example.co.uk", "o'neil_1@mail.example.co.uk"],
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ['ada@xn--bcher-kva.example', 'ada@xn--bcher-kva.example'],
    [long(254), long(254)],
  ];
  for (const [typed, address] of taken) {
    it(`takes ${typed.slice(0, 40)}`, async () => expect(await outcome(typed)).to.equal(address));
  }

  const refused: readonly string[] = [
    ...['', 'ada', '@', 'ada@', '@example.org', 'ada@example', 'ada@localhost', 'ada@192.0.2.1'],
    ...['ada@[192.0.2.1]', 'ada@0x7f.1', 'ada@example.org.', 'ada@-example.org', 'ada@a..org'],
    // Look-alikes.
    ...['ada＠example.org', 'ada@example。org', 'ada@example．org', 'ada@exa／mple.org'],
    // Lists, names, quotes, comments, routes.
    ...['ada@example.org,eve@example.com', 'ada@example.org;eve@example.com'],
    ...['ada@example.org eve@example.com', 'Ada <ada@example.org>', '<ada@example.org>'],
    ...['"ada@example.com"@example.org', '"ada"@example.org', 'ada(x)@example.org'],
    ...['ada@example.org(x)', '@example.com:ada@example.org', 'ada@example.com@example.org'],
    ...['ada%example.com@', 'mailto:ada@example.org', 'group: ada@example.org;'],
    // Headers.
    ...['ada@example.org\r\nBcc: eve@example.com', 'ada@example.org\n', '\tada@example.org'],
    ...['ada\0@example.org', 'ada@example.org%0d%0aBcc:eve@example.com'],
    // Other than ASCII before the @, and dots where none may be.
    ...['adä@example.org', 'аda@example.org', '.ada@example.org', 'ada.@example.org'],
    ...['a..da@example.org', `${'a'.repeat(65)}@example.org`, long(255)],
  ];
  for (const typed of refused) {
    it(`refuses ${JSON.stringify(typed).slice(0, 60)} (S-127)`, async () =>
      expect(await outcome(typed)).to.equal('email-invalid'));
  }

  it('reads what is endless in no time (C-67)', async () => {
    const began = performance.now();
    const endless = ['('.repeat(100_000), 'a.'.repeat(50_000), `a@${'b.'.repeat(50_000)}`];
    for (const typed of [...endless, `a@${'-'.repeat(100_000)}`, '@'.repeat(100_000)]) {
      expect(await outcome(typed)).to.equal('email-invalid');
    }
    expect(performance.now() - began).to.be.lessThan(100);
  });

  it('is one mailbox however it is spelt', async () => {
    const held = [{ address: 'Ada@xn--bcher-kva.example' }, { unreadable: true }];
    for (const same of ['ada@bücher.example', 'ADA@BÜCHER.example', 'ada@xn--bcher-kva.example']) {
      expect(await outcome(same, held), same).to.equal('email-held');
      const { address } = await email.adding.draft({ address: same }, ports);
      expect(email.adding.clashes({ address }, held), same).to.equal(true);
    }
    expect(await outcome('ada.l@bücher.example', held)).to.equal('ada.l@xn--bcher-kva.example');
    expect(email.adding.clashes({ address: 'eve@example.org' }, held)).to.equal(false);
  });

  it('shows its owner all of it, and others next to nothing', async () => {
    const stored = { address: 'ada@xn--bcher-kva.example' };
    expect(email.inFull(stored)).to.equal('ada@bücher.example');
    expect(email.hint(stored)).to.equal('a•••@b•••.example');
    expect(await email.adding.show(stored)).to.deep.equal({ address: 'ada@bücher.example' });
  });
});
