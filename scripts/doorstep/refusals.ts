/**
 * What the command line says where administration refuses: a sentence for each of its codes. Of a
 * line of an import it says what follows the line's number.
 */
import type {
  AddressFlaw,
  Affected,
  Effect,
  Refusal,
  RefusalCode,
  Refusals,
} from '../../src/administration/refusal.ts';
import { explain } from '../../src/config/problems.ts';
import { LONGEST_PASSWORD } from '../../src/credentials/password.ts';
import { flawsIn } from './flaws.ts';
import { named, printable } from './print.ts';

type Sentences = { readonly [Code in RefusalCode]: (details: Refusals[Code]) => string };

const LETTERS = 'letters, digits, dots, hyphens and underscores';

const sentences: Sentences = {
  'changed-meanwhile': () => 'It is being changed by others; try again.',

  'account-unknown': ({ username }) => `There is no account "${username}".`,
  'account-gone': () => 'It was deleted meanwhile.',
  'names-taken': ({ names }) => `${names.map((name) => `"${name}"`).join(' or ')} is taken.`,
  'person-unfit': ({ issues }) => flawsIn(issues),
  'email-missing': () => 'There is no mail address that could be verified.',
  'phone-number-missing': () => 'There is no phone number that could be verified.',
  'password-unfit': ({ flaw, fewest }) => `The password ${passwordFlaws(fewest)[flaw]}.`,
  'membership-unfit': ({ name }) => unfitMembership(name, 'group or role'),
  'memberships-full': () => 'These are too many.',

  'password-missing': ({ username }) =>
    `"${username}" has no password, and signs in by what would be removed. Give one first.`,
  'method-unknown': ({ username, id }) => `"${username}" has no method "${id}".`,
  'methods-full': ({ username }) => `"${username}" has as many of these as anybody may.`,
  'pass-held': ({ username }) =>
    `${named(username)} has a pass, by which others may get in. Revoke it first: passes revoke.`,
  'pass-missing': ({ username }) =>
    `${named(username)} has no pass. All sessions were ended all the same.`,
  'pass-not-allowed': ({ username }) =>
    `Policy gives ${named(username)} no pass; see methods.temporary-access-pass.`,
  'pass-minutes-unfit': ({ fewest, most }) => `A pass is good for ${fewest} to ${most} minutes.`,
  'pass-start-unfit': ({ mostDays }) =>
    `A pass begins now or later, at most ${mostDays} days ahead.`,
  'browser-unknown': ({ username, id }) => `"${username}" has no trusted browser "${id}".`,
  'app-unfit': ({ issues }) => `The ${flawsIn(issues.map(asSeed))}.`,
  'phone-unfit': ({ flaw }) => `phone ${phoneFlaws[flaw] ?? flaw}`,
  'phone-held': () => 'The account has this phone already.',
  'email-unfit': () => 'That is not one plain mail address, such as ada@example.org.',
  'email-held': () => 'The account has this address already.',
  'default-unfit': ({ possible }) => `Sign-in can begin with ${listed(possible)} only.`,
  'default-not-allowed': ({ username, method }) =>
    `The policy does not allow ${method} to "${username}".`,
  'default-not-held': ({ username, method, id }) =>
    id === undefined
      ? `"${username}" has set up nothing for ${method}; see "methods list".`
      : `"${username}" has set up nothing for ${method} with the id "${id}"; see "methods list".`,
  'default-ambiguous': ({ method, ids }) =>
    `There are several for ${method}; add the id of one: ${listed(ids)}.`,
  'app-held': () => 'The account has an app with this seed already.',
  'key-unfit': ({ issues }) => `The key: ${flawsIn(issues)}.`,
  'key-unverifiable': () =>
    'publicKey is no COSE_Key in base64url that could be verified: EdDSA, ES256 or RS256.',
  'key-held': () => 'Somebody has this key already.',
  'key-of-another-handle': () => 'Keys know this account by another userHandle.',

  'client-unknown': ({ client }) => `There is no client "${client}".`,
  'client-taken': ({ client }) => `There is a client "${client}" already.`,
  'client-id-unfit': () => `A client id has up to 100 ${LETTERS}.`,
  'client-name-unfit': () => 'That cannot be the name of an app.',
  'redirect-uri-missing': () => 'At least one redirect address is needed.',
  'address-unfit': ({ address, flaw }) => `"${address}" ${addressFlaws[flaw]}.`,
  'acr-unreachable': ({ reachable }) =>
    `The level must be one that the methods here can prove: ${reachable.join(', ')}.`,
  'id-token-alg-unfit': ({ algorithms }) =>
    `ID tokens are signed with what there are keys for: ${algorithms.join(', ')}.`,
  'scope-unfit': ({ limited }) =>
    `Only ${limited.join(' and ')} can be allowed; there is no other such scope.`,
  'client-without-secret': ({ client }) => `"${client}" has no secret.`,
  'client-secret-unfit': () => 'A client secret has 32 to 512 letters, digits and signs of ASCII.',
  'client-secret-unchanged': ({ client }) => `That is the secret of "${client}" already.`,
  'client-secret-unwanted': () => 'This app is to have no secret.',
  'overlap-unfit': ({ mostHours }) =>
    `The old secret goes on for a number of hours, at most ${mostHours}.`,
  'native-proof': () => 'An app that everybody has a copy of can keep no secret.',
  'public-proof': () => 'It is public: it has no secret, and keys sign its requests only.',
  'pkce-needed': () => 'PKCE may be left out only by an app with a secret or keys.',
  'keys-missing': () => 'Its keys are needed.',
  'keys-needed': () => 'Its keys are needed, or it could not prove itself.',
  'keys-twice': () => 'An app has its keys in a file or at an address, not both.',
  'keys-unfit': ({ issues }) => flawOfKeys(issues),

  'not-allowed': () => 'You may not do that.',
  'reason-too-long': ({ most }) => `A reason has up to ${most} characters.`,
  'reason-missing': () => 'A --reason is needed; it is kept with the version.',
  'policy-unfit': ({ issues, given }) => flawsOfPolicy(issues, given),
  'policy-key-unknown': ({ key }) => `There is no "${key}" in the policy; see "policy show".`,
  'policy-version-unknown': ({ version }) => `There is no version "${version}".`,
  'policy-nobody-to-exclude': ({ key }) =>
    `Nobody is allowed it, so "${key}" has nobody to exclude; include groups, or begin with true.`,
  'policy-without-second-step': () =>
    'This leaves no second step: none is on, or only such as need a carrier.',
  'policy-locks-out': (effect) => effectOn(effect),
  'groups-lock-out': (effect) => effectOn(effect),
  'policy-changed-meanwhile': () =>
    'Somebody else changed the policy at this moment: look at it and try again.',

  'import-array': () =>
    'This is a JSON array; needed is one object a line, as jq -c ".[]" writes it.',
  'line-unreadable': () => 'is too long, or no UTF-8',
  'line-no-object': () => 'is not an object of JSON',
  'line-unfit': ({ issues }) => flawsIn(issues),
  'line-with-password': () => 'has a password in plain text; only hashes are imported',
  'line-without-username': () => 'username is empty',
  'line-hash-unverifiable': () => 'passwordHash has parameters that no verifier takes',
  'line-default-unfit': () => 'defaultMethod is none of the methods that the line brings',
  'line-seed-twice': () => 'totp has one seed twice',
  'line-key-twice': () => 'securityKeys has one key twice',
  'line-email-twice': () => 'emails has one mailbox twice',
  'line-username-twice': ({ line }) =>
    `username is that of line ${line} once invisible signs are taken out`,
  'line-username-merged': () =>
    'username has invisible signs, and without them it belongs to another account',
  'line-names-taken': ({ names }) => `${listed(names)} belongs to another account`,
  'line-account-gone': () => 'was deleted meanwhile',
};

export const sentenceOf = <Code extends RefusalCode>({ code, details }: Refusal<Code>): string =>
  sentences[code](details);

export const unfitMembership = (name: string, what: string): string =>
  `${named(name)} is no name for a ${what}: up to 64 letters, digits, dots, colons, hyphens and underscores.`;

type Issues = Refusals['person-unfit']['issues'];

/** As whoever typed it calls the secret of an authenticator app. */
const asSeed = (issue: Issues[number]): Issues[number] =>
  issue.path.join('.') === 'secret' ? { ...issue, path: ['seed'] } : issue;

/** As of a setting, which it was to begin with. */
const flawsOfPolicy = (issues: Issues, policy: unknown): string =>
  issues
    .map((issue) => ({ ...issue, path: ['policy', ...issue.path] }))
    .flatMap((issue) => explain(issue, { policy }, () => ''))
    .map(({ where, what }) => `${where} ${what}`)
    .join('\n');

/** Whom, before it is made. */
const effectOn = ({ lockedOut, startingAnew }: Effect): string =>
  [
    ...affected(lockedOut, 'would have no second step left, and could set none up'),
    ...affected(startingAnew, 'would set up another second step with a password alone'),
    'Nothing is changed. With --confirm it is done all the same.',
  ].join('\n');

function affected({ count, first }: Affected, what: string): string[] {
  if (count === 0) return [];
  const others = count > first.length ? ` and ${count - first.length} more` : '';
  const people = count === 1 ? '1 person' : `${count} people`;
  return [`${people} ${what}: ${first.map(printable).join(', ')}${others}.`];
}

/** The first one, of which key. */
function flawOfKeys([issue]: Issues): string {
  const [, index] = issue?.path ?? [];
  const which = typeof index === 'number' ? `Key ${index + 1} ` : '';
  return `${which}${issue?.message ?? ''}.`;
}

const passwordFlaws = (
  fewest: number,
): Readonly<Record<Refusals['password-unfit']['flaw'], string>> => ({
  'password-no-text': 'is no text',
  'password-too-short': `is too short: ${fewest} characters at least`,
  'password-too-long': `is too long: ${LONGEST_PASSWORD} characters at most`,
  'password-common': 'is one of those that everybody tries first',
  'password-about-you': 'is the name of the person or the place',
});

const phoneFlaws: Readonly<Record<string, string>> = {
  'phone-invalid': 'is no phone number (as in +14255550134)',
  'phone-held': 'is there twice',
  'phone-not-mobile': 'is a fixed line, and so an office phone',
  'phone-type-held':
    'is one too many: a person has one mobile, alternate mobile and office phone each',
  'phone-type-refused': 'is not an ordinary phone',
  'phone-country-refused': 'is in a country that policy does not serve',
};

const addressFlaws: Readonly<Record<AddressFlaw, string>> = {
  'no-address': 'is not an address',
  fragment: 'must not have a fragment (#)',
  user: 'must not name a user',
  wildcard: 'must be complete: there are no wildcards',
  'changing-signs': 'has signs that a browser would change',
  'no-https': 'must begin with https://',
  'no-https-on-web':
    'must begin with https:// (http:// is for localhost; other schemes are for native apps)',
  'no-https-on-native': 'must begin with https://; http:// is for 127.0.0.1 and [::1]',
  'loopback-with-https': 'must be http:// on a loopback address',
  'loopback-by-name': 'must say 127.0.0.1 or [::1]; the app may then use any port',
  'scheme-without-dot': 'must have a scheme with a dot, such as com.example.app:/callback',
  'path-missing': 'needs a path, such as com.example.app:/callback',
};

/** `id, username or email`. */
const listed = (names: readonly string[]): string =>
  `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
