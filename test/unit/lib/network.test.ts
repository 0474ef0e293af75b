import { expect } from 'chai';

import { networkOf } from '../../../src/lib/network.ts';

describe('The network of an address (C-35)', () => {
  const rows: [string, string][] = [
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:DB8:0:0:ffff::2', '2001:db8:0:0::/64'],
    ['2001:0db8:0000:0000:1:2:3:4', '2001:db8:0:0::/64'],
    ['2001:db8:0:1::1', '2001:db8:0:1::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4::/64'],
    ['1:2:3:4:5:6:192.0.2.1', '1:2:3:4::/64'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::203.0.113.7', '0:0:0:0::/64'],
    ['0:0:0:0:0:ffff:cb00:7107', '203.0.113.7'],
    ['', ''],
    ['::1]/x', '::1]/x'],
  ];
  for (const [address, network] of rows) {
    it(`of ${address || 'nothing'} is ${network || 'nothing'}`, () => {
      expect(networkOf(address)).to.equal(network);
    });
  }
});
