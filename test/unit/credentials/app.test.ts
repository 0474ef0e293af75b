import { expect } from 'chai';
import { encodeQR } from 'qr';
import { decodeQR } from 'qr/decode.js';

import { app, otpauthUri } from '../../../src/credentials/app.ts';
import { draftPorts as ports, vault } from '../methods/ports.ts';

/** What an authenticator app reads out of the address. */
function readUri(uri: string) {
  const { protocol, host, pathname, searchParams } = new URL(uri);
  const [issuer, account, ...more] = decodeURIComponent(pathname.slice(1)).split(':');
  return { protocol, host, issuer, account, more, parameters: Object.fromEntries(searchParams) };
}

/** Read as the approver reads a picture, three pixels for each module. */
function scanned(modules: readonly (readonly boolean[])[]): string {
  const size = modules.length * 3;
  const data = Array.from({ length: size * size }, (_, at) => {
    const [y, x] = [Math.floor(at / size / 3), Math.floor((at % size) / 3)];
    const shade = modules[y]?.[x] ? 0 : 255;
    return [shade, shade, shade, 255];
  });
  return decodeQR({ width: size, height: size, data: Uint8Array.from(data.flat()) });
}

describe('app', () => {
  it('makes seeds of 160 bits, a thousand of them all different (C-65)', async () => {
    const drafts = await Promise.all(
      Array.from({ length: 1000 }, () => app.adding.draft({}, ports)),
    );
    const seeds = drafts.map(({ seed }) => vault.open(seed));
    // 32 characters of five bits.
    expect(seeds.every((seed) => /^[A-Z2-7]{32}$/.test(seed))).to.equal(true);
    expect(new Set(seeds).size).to.equal(1000);
  });

  it('stores the seed under its seal only', async () => {
    const stored = await app.adding.draft({}, ports);
    expect(JSON.stringify(stored)).not.to.include(vault.open(stored.seed));
  });

  const names: readonly (readonly [string, string])[] = [
    ['Doorstep', 'ada'],
    ['Doorstep', 'ada+sea@example.org'],
    ['A & B = C?', 'ada/lovelace#1'],
    ['Äpfel, Birnen', 'ada%20lovelace'],
    ['日本語', 'ada 🦆'],
    ['"quoted" <b>', "o'ada"],
  ];
  for (const [issuer, account] of names) {
    it(`says who it is for: ${issuer}, ${account}`, () => {
      const uri = otpauthUri({ issuer, account, secret: 'GEZDGNBV' });
      expect(readUri(uri)).to.deep.equal({
        protocol: 'otpauth:',
        host: 'totp',
        issuer,
        account,
        more: [],
        parameters: { secret: 'GEZDGNBV', issuer },
      });
    });
  }

  it('lets no colon in a name move what is issuer and what is account', () => {
    const uri = otpauthUri({ issuer: 'Bank: Shop', account: 'a:b', secret: 'GEZDGNBV' });
    expect(readUri(uri)).to.include({ issuer: 'Bank  Shop', account: 'a b' });
  });

  it('can be given to whoever was imported with half a sign in the name', () => {
    const uri = otpauthUri({ issuer: 'Doorstep', account: 'ada\ud83e', secret: 'GEZDGNBV' });
    expect(readUri(uri)).to.include({ issuer: 'Doorstep', account: 'ada\ufffd' });
  });

  // Names as they may be stored (administration/person.ts), and what an app then shows of them.
  const long: readonly (readonly [string, string, RegExp])[] = [
    ['Latin', 'a'.repeat(320), /^a{200,}…$/],
    ['Cyrillic', 'я'.repeat(200), /^я{30,}…$/],
    ['Han', '明'.repeat(200), /^明{20,}…$/],
    ['families', '👨‍👩‍👧'.repeat(50), /^(👨‍👩‍👧)+…$/u],
    ['accents apart', 'e\u0301'.repeat(100), /^(e\u0301)+…$/],
    ['one endless letter', `e${'\u0301'.repeat(300)}`, /^…$/],
  ];
  for (const [script, account, shown] of long) {
    it(`is scanned with long names: ${script}`, async () => {
      for (const issuer of ['Doorstep', account]) {
        const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
        const uri = otpauthUri({ issuer, account, secret });
        const modules = encodeQR(uri, 'raw', { border: 4, ecc: 'low' });
        // Version 12 (ISO/IEC 18004): 65 of them in a row, and the border.
        expect(modules.length).to.be.at.most(73);
        expect(scanned(modules)).to.equal(uri);
        const read = readUri(uri);
        expect(read.parameters).to.deep.equal({ secret, issuer: read.issuer });
        expect(read.issuer).to.match(issuer === 'Doorstep' ? /^Doorstep$/ : /…$/);
        expect(read.account).to.match(issuer === 'Doorstep' ? shown : /…$/);
      }
    });
  }

  it('shows the seed and a picture of its address', async () => {
    const stored = await app.adding.draft({}, ports);
    const shown = await app.adding.show(stored, ports);
    expect(shown.secret).to.equal(vault.open(stored.seed));
    expect(readUri(shown.uri).parameters).to.have.property('secret', shown.secret);
    const svg = decodeURIComponent(shown.qr.replace('data:image/svg+xml,', ''));
    expect(svg).to.match(/^<svg .*<\/svg>$/s);
  });
});
