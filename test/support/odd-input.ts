/**
 * What nobody's browser and no app sends: values, names, methods and headers to be drawn from.
 * All of it is ready for the wire.
 */
import fc from 'fast-check';

export const JSON_TYPE = 'application/json';
export const deep = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

const escaped = fc
  .string({ unit: 'binary', maxLength: 30 })
  .map((text) => encodeURIComponent(text.toWellFormed()));

export const values = fc.oneof(
  // Mostly what gets past the parser of Node; too few of the others would be a pity.
  { weight: 1, arbitrary: fc.string({ maxLength: 20 }) },
  { weight: 1, arbitrary: fc.constantFrom('\0', '\u00e9', '"', 'a b', '\r\ninjected: 1') },
  { weight: 10, arbitrary: escaped },
  {
    weight: 20,
    arbitrary: fc.constantFrom(
      ...['', '%', '%00', 'a%00b', '%0', '%ZZ', '%E0%A4%A', '%ED%A0%80', '%FF%FE'],
      ...['%0D%0ASet-Cookie:%20injected=1', '%0a', '%E2%80%AE', '%F0%9F%A6%86', '%D9%A3', "'"],
      ...['__proto__', 'constructor', 'toString', 'null', 'undefined', 'NaN', 'true', 'Infinity'],
      ...[
        '0',
        '-1',
        '1e309',
        '99999999999999999999',
        '0x10',
        '1.5',
        '[]',
        '{}',
        encodeURIComponent(deep(60)),
      ],
      ...['%7B%22$gt%22:%22%22%7D', '%7B%22__proto__%22:%7B%22polluted%22:1%7D%7D', '..%2f..'],
      ...[
        'http://evil.example/',
        '//evil.example',
        'javascript:alert(1)',
        'data:,x',
        'urn:x',
        'http:',
      ],
      ...['openid%20openid', 'none', 'none%20login', 'S256', 'query', 'form_post', 'web_message'],
      ...['eyJhbGciOiJub25lIn0.e30.', 'e30.e30.e30', 'a.b.c', '..', '.', 'id-bob', 'bob', 'shop'],
      ...['a'.repeat(300), 'a'.repeat(5000), '%F0%9F%A6%86'.repeat(400)],
    ),
  },
);

export const names = fc.constantFrom(
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', '__proto__[polluted]', '', '%00'],
  ...[
    'constructor[prototype][polluted]',
    'a[$gt]',
    'identifier[$ne]',
    'code[]',
    'a.b',
    'x'.repeat(101),
  ],
  ...[
    '_csrf',
    'identifier',
    'password',
    'code',
    'challenge',
    'method',
    'credential',
    'yes',
    'skip',
  ],
  ...['client_id', 'client_secret', 'client_assertion', 'client_assertion_type', 'redirect_uri'],
  ...[
    'request',
    'request_uri',
    'registration',
    'claims',
    'prompt',
    'max_age',
    'acr_values',
    'scope',
  ],
  ...[
    'id_token_hint',
    'login_hint',
    'logout_hint',
    'ui_locales',
    'claims_locales',
    'display',
    'state',
  ],
  ...[
    'nonce',
    'response_type',
    'response_mode',
    'code_challenge',
    'code_challenge_method',
    'resource',
  ],
  ...[
    'grant_type',
    'refresh_token',
    'token',
    'token_type_hint',
    'access_token',
    'dpop_jkt',
    'xsrf',
  ],
  ...[
    'post_logout_redirect_uri',
    'authorization_details',
    'web_message_uri',
    'user_code',
    'logout',
  ],
);

export const methods = fc.constantFrom(
  ...['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'CONNECT', 'PROPFIND'],
  ...['QUERY', 'get', 'FOO', ''],
);

export const headers: fc.Arbitrary<readonly [string, string]> = fc.oneof(
  fc.tuple(
    fc.constantFrom(
      ...[
        'host',
        'origin',
        'referer',
        'accept',
        'accept-language',
        'accept-encoding',
        'authorization',
      ],
      ...[
        'content-type',
        'content-encoding',
        'content-length',
        'transfer-encoding',
        'cookie',
        'range',
      ],
      ...[
        'sec-fetch-site',
        'x-forwarded-for',
        'x-forwarded-host',
        'x-forwarded-proto',
        'forwarded',
      ],
      ...[
        'if-none-match',
        'if-modified-since',
        'expect',
        'upgrade',
        'dpop',
        'x-http-method-override',
      ],
      ...['access-control-request-method', 'access-control-request-headers', 'x-request-id', 'te'],
    ),
    values,
  ),
  fc.constantFrom<readonly [string, string]>(
    ['authorization', 'Basic'],
    ['authorization', 'Basic %%%'],
    ['authorization', `Basic ${Buffer.from('shop:%E0%A4%A').toString('base64')}`],
    ['authorization', `Basic ${Buffer.from('%00:%00').toString('base64')}`],
    ['authorization', 'Bearer'],
    ['authorization', 'Bearer a b'],
    ['authorization', 'DPoP x'],
    ['accept', 'application/json'],
    ['accept', '*/*;q=x,,;'],
    ['accept-language', '*'],
    ['accept-language', 'de-1996,x;q=2,__proto__;q=0.9'],
    ['content-type', JSON_TYPE],
    ['content-type', 'text/plain'],
    ['content-type', 'multipart/form-data; boundary=x'],
    ['content-type', 'application/x-www-form-urlencoded; charset=utf-16'],
    ['content-encoding', 'gzip'],
    ['content-encoding', 'br, gzip'],
    ['content-length', '5'],
    ['content-length', '100000'],
    ['transfer-encoding', 'chunked'],
    ['expect', '100-continue'],
    ['expect', 'nothing'],
    ['range', 'bytes=0-'],
    ['upgrade', 'websocket'],
    ['origin', 'null'],
    ['origin', 'https://evil.example'],
    ['origin', 'http://['],
    ['sec-fetch-site', 'cross-site'],
    ['x-forwarded-for', '::ffff:1.2.3.4%eth0, [::1]'],
  ),
);

export const segments = fc.oneof(
  values.map((value) => value.slice(0, 200)),
  fc.constantFrom(
    'sign-in',
    'auth',
    'token',
    'me',
    'assets',
    '.well-known',
    'answer',
    'session',
    'end',
  ),
);
