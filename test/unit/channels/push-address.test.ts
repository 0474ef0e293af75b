import { expect } from 'chai';

import { isPushAddress, pushHost } from '../../../src/channels/push-address.ts';

const hosts = [
  'fcm.googleapis.com',
  '*.push.services.mozilla.com',
  'web.push.apple.com',
  '*.notify.windows.com',
  'push.example.org:8443',
  '127.0.0.1:9443',
];

describe('the address of a push service', () => {
  const taken = [
    'https://fcm.googleapis.com/fcm/send/dQw4w9WgXcQ:APA91bH-_x',
    'https://updates.push.services.mozilla.com/wpush/v2/gAAAAABk==',
    'https://a.b.push.services.mozilla.com/wpush/v1/x',
    'https://web.push.apple.com/QGuQyavXutnMH',
    'https://wns2-par02p.notify.windows.com/w/?token=BQYAAAD%2fx%3d',
    'https://push.example.org:8443/1',
    'https://127.0.0.1:9443/1',
    'https://fcm.googleapis.com/@evil.test/',
    'https://fcm.googleapis.com/',
  ];
  for (const endpoint of taken) {
    it(`is ${endpoint}`, () => {
      expect(isPushAddress(endpoint, hosts)).to.equal(true);
    });
  }

  const refused: Readonly<Record<string, readonly string[]>> = {
    'without TLS': [
      'http://fcm.googleapis.com/1',
      'ws://fcm.googleapis.com/1',
      'ftp://fcm.googleapis.com/1',
      'file:///etc/passwd',
      'data:text/plain,fcm.googleapis.com',
      'javascript:alert(1)',
      'blob:https://fcm.googleapis.com/1',
    ],
    'that is none': [
      '',
      'fcm.googleapis.com/1',
      '//fcm.googleapis.com/1',
      'https://',
      'https:///1',
      'https://fcm.googleapis.com',
      'https://%/1',
    ],
    'of somebody who looks alike': [
      'https://fcm.googleapis.com.evil.test/1',
      'https://fcm-googleapis.com/1',
      'https://xfcm.googleapis.com/1',
      'https://evil.fcm.googleapis.com/1',
      'https://googleapis.com/1',
      'https://fcm.googleapis.co/1',
      'https://evil-push.services.mozilla.com/1',
      'https://evilnotify.windows.com/1',
      'https://notify.windows.com.evil.test/1',
      'https://fcm.gооgleapis.com/1', // two letters are Cyrillic
      'https://fcm.xn--ggleapis-3vfb.com/1',
      'https://evil.test/fcm.googleapis.com',
      'https://evil.test/?https://fcm.googleapis.com/',
      'https://evil.test#.push.services.mozilla.com/',
      'https://evil.test?.push.services.mozilla.com/',
    ],
    'at a star itself': [
      'https://push.services.mozilla.com/1',
      'https://.push.services.mozilla.com/1',
      'https://*.push.services.mozilla.com.evil.test/1',
    ],
    'behind a user name': [
      'https://fcm.googleapis.com@evil.test/1',
      'https://fcm.googleapis.com:443@evil.test/1',
      'https://user@fcm.googleapis.com/1',
      'https://user:password@fcm.googleapis.com/1',
      'https://@fcm.googleapis.com/1',
      'https://:@fcm.googleapis.com/1',
      'https://evil.test%2F@fcm.googleapis.com/1',
    ],
    'in another spelling': [
      'https://FCM.googleapis.com/1',
      'HTTPS://fcm.googleapis.com/1',
      'https://fcm.googleapis.com./1',
      'https://ｆcm.googleapis.com/1',
      'https://fcm。googleapis.com/1',
      'https://fcm%2Egoogleapis.com/1',
      'https://fcm.googleapis.com:443/1',
      'https:fcm.googleapis.com/1',
      'https:/fcm.googleapis.com/1',
      'https:///fcm.googleapis.com/1',
      'https:\\\\fcm.googleapis.com\\1',
      'https://fcm.googleapis.com\\@evil.test/1',
      'https://evil.test\\@fcm.googleapis.com/1',
      ' https://fcm.googleapis.com/1',
      'https://fcm.goog\nleapis.com/1',
      'https://fcm.goog\tleapis.com/1',
      'https://fcm.goog\u00adleapis.com/1',
      'https://fcm.googleapis.com\0/1',
      'https://fcm.googleapis.com?1',
      'https://fcm.googleapis.com#1',
    ],
    'at another port': [
      'https://fcm.googleapis.com:8443/1',
      'https://fcm.googleapis.com:22/1',
      'https://updates.push.services.mozilla.com:8443/1',
      'https://push.example.org/1',
      'https://push.example.org:84430/1',
      'https://127.0.0.1/1',
      'https://127.0.0.1:9444/1',
    ],
    inside: [
      'https://localhost/1',
      'https://127.0.0.1.nip.io:9443/1',
      'https://127.1:9443/1',
      'https://2130706433:9443/1',
      'https://0x7f.0.0.1:9443/1',
      'https://017700000001:9443/1',
      'https://127.0.0.1.:9443/1',
      'https://[::1]:9443/1',
      'https://[::ffff:127.0.0.1]:9443/1',
      'https://0.0.0.0:9443/1',
      'https://10.0.0.7/1',
      'https://169.254.169.254/latest/meta-data/',
      'https://[fd00::5]/1',
    ],
  };
  for (const [kind, endpoints] of Object.entries(refused)) {
    for (const endpoint of endpoints) {
      it(`is none ${kind}: ${JSON.stringify(endpoint)}`, () => {
        expect(isPushAddress(endpoint, hosts)).to.equal(false);
      });
    }
  }

  it('is none at all where no host is listed', () => {
    expect(taken.filter((endpoint) => isPushAddress(endpoint, []))).to.deep.equal([]);
  });
});

describe('a host of push services', () => {
  for (const host of [
    ...hosts,
    'localhost',
    'localhost:8443',
    '[::1]:8443',
    'xn--bcher-kva.test',
  ]) {
    it(`may be ${host}`, () => {
      expect(pushHost.safeParse(host).success).to.equal(true);
    });
  }

  for (const host of [
    ...['', '*', '*.', '*.com', '*.*.example.org', 'push.*.org', '*push.example.org'],
    ...['https://push.example.org', 'push.example.org/', 'user@push.example.org', 'a b'],
    ...['push.example.org:443', 'push.example.org:', 'push.example.org:x', 'Push.example.org'],
    ...['bücher.test', '2130706433', '127.1', 'push.example.org?', 'push.example.org#'],
  ]) {
    it(`may not be ${JSON.stringify(host)}`, () => {
      expect(pushHost.safeParse(host).success).to.equal(false);
    });
  }
});
