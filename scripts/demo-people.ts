/**
 * The people and apps of the demo. Everybody may know their secrets, so none of them ever
 * exists in production (scripts/seed.ts).
 */
export interface DemoPerson {
  readonly username: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string;
  readonly password: string;
  /** What there is for a second step. */
  readonly secondStep: string;
  /** What signing in with two steps as this person shows. */
  readonly shows: string;
  readonly phone?: { readonly number: string; readonly countryCallingCode: string };
  /** The telephone on the desk at work. */
  readonly office?: { readonly number: string; readonly countryCallingCode: string };
  /** What can be set up for texts and calls on the way. */
  readonly spare?: { readonly number: string; readonly country: string };
  /** The authenticator app's seed, in base 32. */
  readonly seed?: string;
  readonly recoveryCodes?: readonly string[];
  readonly key?: DemoKey;
}

/** A security key that is none: scripts/demo-key/ has it in a browser. */
export interface DemoKey {
  readonly credentialId: string;
  /** By which it knows its owner's account. */
  readonly userHandle: string;
  /** Both its halves. */
  readonly jwk: Readonly<Record<'kty' | 'crv' | 'x' | 'y' | 'd', string>>;
}

// Numbers from the ranges that are kept free for stories (NANPA 555-01xx, Ofcom 07700 900xxx
// and 020 7946 0xxx).
export const demoPeople: readonly DemoPerson[] = [
  {
    username: 'ada',
    givenName: 'Ada',
    familyName: 'Ekberg',
    email: 'ada@example.org',
    password: 'seven green lanterns',
    secondStep: 'demo key, authenticator app, text or call',
    shows: 'a key, in a toy that the page offers; and ways to choose from, on the handset',
    phone: { number: '+447700900156', countryCallingCode: '44' },
    seed: 'GE4D6NRYKZ2HQ3LBOJSWK5DVNZSWK3DP',
    key: {
      credentialId: '9ecvd7XLfhxpjbpTc2zpz4yWP3g_YMiiJOTteSPQGcc',
      userHandle: 'eZG_ORRzWxUkP8IeW_-YxM1t77uFWQeLh7MuYQLA4IA',
      jwk: {
        ...{ kty: 'EC', crv: 'P-256' },
        x: 'RGErleA_xESeorPB4NXeZuVlnTzqAKc2DXYx3WfwiRo',
        y: 'ngryzPSage_ZHHEzuZujpv_w-dQkSKI5VaJfL7oIRSE',
        d: 'pgV3oIGP8kLnwYMGHR62py13XKITbuLoa5QCvdXxOMk',
      },
    },
  },
  {
    username: 'bob',
    givenName: 'Bob',
    familyName: 'Martins',
    email: 'bob@example.org',
    password: 'bread before breakfast',
    secondStep: 'text or call',
    shows: 'a code that arrives on the handset, or a call to it',
    phone: { number: '+14255550134', countryCallingCode: '1' },
  },
  {
    username: 'cleo',
    givenName: 'Cleo',
    familyName: 'Okafor',
    email: 'cleo@example.org',
    password: 'quiet river crossing',
    spare: { number: '+14255550177', country: 'United States' },
    secondStep: 'none yet',
    shows: 'how one is set up on the way, such as the approval app',
  },
  {
    username: 'dora',
    givenName: 'Dora',
    familyName: 'Lindqvist',
    email: 'dora@example.org',
    password: 'paper boats at dawn',
    office: { number: '+442079460123', countryCallingCode: '44' },
    secondStep: 'authenticator app, office phone, recovery codes on paper',
    shows: 'what helps when the phone is lost: a call to the office, or the paper on the desk',
    seed: 'NRUWY3DJMFXHI2LNMFTWS3TBNRUWK43U',
    recoveryCodes: [
      '7QK2-M9XD-4TRA-B6WZ',
      'P3HN-80VC-JY5E-2SGF',
      'R6DT-W1KB-9MZQ-X47A',
      'C5YJ-E0GS-3HVP-N8RD',
      '2XWA-6FTK-QB1M-Z9CJ',
      'V4GR-N7PE-D0YH-5KSX',
      'A8MC-3ZQW-T6JB-1RFG',
      'H9SV-X2DN-7CKE-P0TY',
      '4BPQ-Y5MJ-G8WA-6VZR',
      'E1KX-R3SH-0FND-C9QT',
    ],
  },
];

/** How to take the second step in each way, by whom that is quickest. */
export const waysToTry = [
  {
    method: 'security-key',
    who: 'ada',
    how: 'a toy opens in the page: press Enter; “Sign in with a passkey” takes it, too; keys that you make with it are there in that browser only',
  },
  { method: 'code', who: 'dora', how: 'the Authenticator on the handset has it' },
  { method: 'text', who: 'bob', how: 'it arrives on the handset' },
  { method: 'call', who: 'bob', how: 'the handset rings: press there what the page says' },
  {
    method: 'approve',
    who: 'cleo',
    how: 'it is set up on the way: on the handset, “Pair from the open page”',
  },
] as const;

export const numberOf = ({ phone, spare }: Pick<DemoPerson, 'phone' | 'spare'>) =>
  phone?.number ?? spare?.number;

/** As config/development.yaml has it. */
export const ISSUER_NAME = 'Example Organisation';

export interface DemoClient {
  readonly id: string;
  readonly secret: string;
  readonly name: string;
  /** Ours are never asked for consent. */
  readonly isFirstParty: boolean;
  /** What its ID tokens are signed with. */
  readonly idTokenAlg: 'RS256' | 'ES256';
}

export const demoApp: DemoClient = {
  id: 'demo-app',
  secret: 'only-for-the-demo-5b1f0f7c9d2e4a68b3c7d9e1f2a4',
  name: 'Demo app',
  isFirstParty: true,
  idTokenAlg: 'ES256',
};

export const partnerApp: DemoClient = {
  id: 'demo-partner',
  secret: 'only-for-the-demo-91c4e7a2d5f8406bb0a3c6d8e9f1',
  name: 'Partner app',
  isFirstParty: false,
  idTokenAlg: 'RS256',
};
