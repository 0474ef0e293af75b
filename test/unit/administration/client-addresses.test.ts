import { expect } from 'chai';

import { sentenceOf } from '../../../scripts/doorstep/refusals.ts';
import {
  checkKeyAddress,
  checkNativeAddress,
  checkWebAddress,
} from '../../../src/administration/client-addresses.ts';
import { isRefusal } from '../../../src/administration/refusal.ts';

const isTaken = (check: (address: string) => void, address: string): boolean => {
  try {
    check(address);
    return true;
  } catch (error) {
    if (isRefusal(error) && sentenceOf(error).includes(address)) return false;
    throw error;
  }
};

/** What no app may have, wherever it runs. */
const nowhere = [
  ...['', 'back', '/back', 'https://', 'https://app.example.org/back#part'],
  ...['https://ada@app.example.org/back', 'https://app.example.org/*', 'https://a b.example/'],
  ...['https://app.example.org/ba\\ck', 'https://app.example.org/\nback'],
  ...['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd'],
];

const kinds = {
  'of an app on the web': {
    check: checkWebAddress,
    taken: [
      ...['https://app.example.org/back', 'https://app.example.org:8443/?next=/home'],
      ...['http://localhost:3000/back', 'http://127.0.0.1/back', 'http://[::1]:3000/back'],
    ],
    refused: ['http://app.example.org/back', 'com.example.app:/back', 'http://127.0.0.2/back'],
  },
  'of an app on a phone or a desktop (RFC 8252 §7)': {
    check: checkNativeAddress,
    taken: [
      ...['http://127.0.0.1/back', 'http://127.0.0.1:3000/back', 'http://[::1]/back'],
      ...['https://app.example.org/back', 'com.example.app:/back', 'com.example.app://back/here'],
      ...['org.example-two.app:/oauth2redirect', 'Com.Example.App:/back'],
    ],
    refused: [
      ...['http://localhost/back', 'http://app.example.org/back', 'https://127.0.0.1/back'],
      ...['myapp:/back', 'myapp://back', '.app:/back', 'com.example.app:', 'com..app:/back'],
    ],
  },
  'of keys': {
    check: checkKeyAddress,
    taken: ['https://app.example.org/jwks.json'],
    refused: ['http://localhost/jwks', 'http://app.example.org/jwks', 'com.example.app:/jwks'],
  },
};

describe('The addresses of an app', () => {
  for (const [what, { check, taken, refused }] of Object.entries(kinds)) {
    it(`${what}: those that browsers may be sent to`, () => {
      for (const address of taken) expect(isTaken(check, address), address).to.equal(true);
    });

    it(`${what}: and no others`, () => {
      for (const address of [...nowhere, ...refused]) {
        expect(isTaken(check, address), address).to.equal(false);
      }
    });
  }
});
