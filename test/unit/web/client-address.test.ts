import type { IncomingMessage } from 'node:http';

import { expect } from 'chai';

import { createClientAddress, type ProxyHeader } from '../../../src/web/client-address.ts';

describe('the client address', () => {
  const trustedProxies = ['10.0.0.0/8', '192.0.2.1', 'fd00::/8', '::ffff:172.16.0.0/108'];
  const warned: object[] = [];
  beforeEach(() => (warned.length = 0));

  const reading = (proxyHeader: ProxyHeader) => {
    const log = { warn: (fields: object) => void warned.push(fields) };
    const addressOf = createClientAddress({ trustedProxies, proxyHeader, log });
    return (remoteAddress: string, headers: Readonly<Record<string, string>>) =>
      addressOf({ socket: { remoteAddress }, headers } as unknown as IncomingMessage);
  };

  const table: [string, string | undefined, string][] = [
    ['203.0.113.9', undefined, '203.0.113.9'],
    ['203.0.113.9', '1.2.3.4', '203.0.113.9'],
    ['10.0.0.1', '1.2.3.4', '1.2.3.4'],
    ['::ffff:10.0.0.1', '1.2.3.4', '1.2.3.4'],
    ['0:0:0:0:0:ffff:a00:1', '1.2.3.4', '1.2.3.4'],
    ['172.16.0.9', '1.2.3.4', '1.2.3.4'],
    ['fd00::1', '2001:db8::1', '2001:db8::1'],
    ['10.0.0.1', '192.0.2.8:51234', '192.0.2.8'],
    ['10.0.0.1', '[2001:db8::7]:443', '2001:db8::7'],
    ['10.0.0.1', '[2001:DB8:0::7]', '2001:db8::7'],
    ['10.0.0.1', '0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
    ['10.0.0.1', '::ffff:cb00:7107', '203.0.113.7'],
    ['10.0.0.1', '[::ffff:203.0.113.7]:80', '203.0.113.7'],
    ['10.0.0.1', 'spoofed, 1.2.3.4', '1.2.3.4'],
    ['10.0.0.1', '6.6.6.6, 1.2.3.4, 10.9.9.9, 192.0.2.1', '1.2.3.4'],
    ['10.0.0.1', '1.2.3.4:1, 10.9.9.9:2', '1.2.3.4'],
    ['10.0.0.1', undefined, '10.0.0.1'],
    ['10.0.0.1', '', '10.0.0.1'],
    ['10.0.0.1', '10.0.0.2', '10.0.0.1'],
    ['10.0.0.1', '1.2.3.4, junk', '10.0.0.1'],
    ['10.0.0.1', '1.2.3.4, 10.0.0.2, <script>, 10.0.0.3', '10.0.0.1'],
    ['10.0.0.1', '999.1.1.1', '10.0.0.1'],
    ['10.0.0.1', '0x7f.1', '10.0.0.1'],
  ];
  for (const [socket, forwarded, expected] of table) {
    it(`is ${expected} for ${socket} forwarding ${String(forwarded)} (S-013)`, () => {
      const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
      expect(reading('x-forwarded-for')(socket, headers)).to.equal(expected);
    });
  }

  const standard: [string, string][] = [
    ['for=192.0.2.60;proto=http;by=203.0.113.43', '192.0.2.60'],
    ['for=1.2.3.4, for=10.0.0.9', '1.2.3.4'],
    ['For="[2001:db8:cafe::17]:4711"', '2001:db8:cafe::17'],
    ['proto=https; for="192.0.2.9:80"', '192.0.2.9'],
    ['for=unknown', '10.0.0.1'],
    ['for=_hidden', '10.0.0.1'],
    ['proto=https', '10.0.0.1'],
  ];
  for (const [forwarded, expected] of standard) {
    it(`is ${expected} for Forwarded: ${forwarded} (RFC 7239)`, () => {
      expect(reading('forwarded')('10.0.0.1', { forwarded })).to.equal(expected);
    });
  }

  it('is looked for in one header only, because proxies pass the other on', () => {
    const both = { 'x-forwarded-for': '1.2.3.4', forwarded: 'for=5.6.7.8' };
    expect(reading('x-forwarded-for')('10.0.0.1', both)).to.equal('1.2.3.4');
    expect(reading('forwarded')('10.0.0.1', both)).to.equal('5.6.7.8');
  });

  it('is warned of once where a proxy writes what nobody can read', () => {
    const addressOf = reading('x-forwarded-for');
    for (let time = 0; time < 3; time += 1) addressOf('10.0.0.1', { 'x-forwarded-for': 'junk' });
    expect(warned).to.deep.equal([{ proxy: '10.0.0.1', header: 'x-forwarded-for', hop: 'junk' }]);
  });
});
