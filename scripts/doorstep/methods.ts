/**
 * doorstep methods: what somebody can verify with.
 */
import type { HeldMethod } from '../../src/administration/held-methods.ts';
import { type PhoneType, phoneTypes } from '../../src/credentials/phone.ts';
import { methods as allMethods } from '../../src/methods/index.ts';
import type { Languages } from '../../src/web/language.ts';
import { didYouMean } from './arguments.ts';
import { defineCommand, type Group } from './command.ts';
import { lifeSaid } from './life.ts';
import { columns, isSoAlready, jsonLine, named, printable } from './print.ts';
import { reasonHelp, reasonIn, reasonOption } from './reason.ts';
import { Mistake, Misuse } from './run.ts';
import { typedLine } from './typed-line.ts';

const list = defineCommand({
  names: ['<username>'],
  takes: '[--json]',
  about: 'The methods of an account, with their ids, and which of them sign-in begins with.',
  options: { json: { type: 'boolean' } },
  async run({ administration }, { names: [username], values }) {
    const held = await administration.methods.list(username);
    if (values.json) return held.map((method) => jsonLine(method)).join('');
    const names = ['id', 'method', '', 'added', 'last used', 'suspended', 'default'];
    return columns(names, held, (one) => [
      ...[one.id, one.method, about(one), one.addedAt.toISOString()],
      ...[one.lastUsedAt?.toISOString() ?? '', one.suspendedAt?.toISOString() ?? ''],
      one.defaultMethod ?? '',
    ]);
  },
});

/** By what its owner would know it or, of what is good for a while, how it is with it. */
const about = (held: HeldMethod): string => lifeSaid(held) ?? held.hint ?? '';

/** As they were called here before, which scripts may still say. */
const formerNames: Readonly<Record<string, string>> = {
  ...{ totp: 'code', app: 'code', 'recovery-codes': 'recovery-code' },
  // One phone is texted and called.
  ...{ text: 'phone', call: 'phone' },
};

const addable = ['code', 'phone', 'email', 'security-key', 'recovery-code'];

const add = defineCommand({
  names: ['<username>', '<method>', '[<number or address>]'],
  takes: '[--type <type>] [--reason <why>]',
  about: `Adds a method whose secret is known. It counts at once.

  code             an authenticator app: reads its seed in base 32 from the input, 128 bits at
                   least, for codes of 6 digits, 30 seconds and SHA1
  phone <number>   a phone, such as +14255550134. With --type mobile it is texted and called, with
                   alternate-mobile or office it is called; a person has one of each. Left out, a
                   fixed line is an office phone, and a second mobile phone an alternate one
  email <address>  a mail address, for password resets alone
  security-key     a key that was made for the same domain: reads a line of JSON from the input, at
                   least {"credentialId", "publicKey"}, in base64url, the latter a COSE_Key; besides,
                   as in an import, userHandle, name, signCount, transports, aaguid,
                   isBackupEligible. Only with its userHandle it can be a passkey
  recovery-code    makes ten and shows them once; older ones are void
${reasonHelp}`,
  options: { ...reasonOption, type: { type: 'string' } },
  async run({ administration }, { names: [username, typed, value], values }, { stdin }) {
    const reason = reasonIn(values);
    const method = methodNamed(typed);
    const phoneType = typeIn(values);
    checkNamed(method, value);
    if (method !== 'phone' && phoneType) throw new Misuse(`${method} takes no type.`);
    const { methods } = administration;
    if (method === 'recovery-code') {
      const codes = await methods.makeRecoveryCodes(username, reason);
      return `Recovery codes of ${named(username)} (shown this once):\n${codes.join('\n')}\n`;
    }
    if (method === 'security-key') {
      return told(await methods.addKey(username, { key: await keyOn(stdin), reason }));
    }
    if (value !== undefined) {
      return told(
        method === 'email'
          ? await methods.addEmail(username, { address: value, reason })
          : await methods.addPhone(username, { number: value, phoneType, reason }),
      );
    }
    return told(await methods.addApp(username, { secret: await typedLine(stdin, 'seed'), reason }));
  },
});

/** A number and an address stand behind the method; what is secret never does. */
function checkNamed(method: string, value: string | undefined): void {
  const wanted = method === 'phone' ? 'phone number' : method === 'email' ? 'mail address' : '';
  if (wanted !== '' && value === undefined) {
    throw new Misuse(`A ${wanted} is needed for ${method}.`);
  }
  if (wanted === '' && value !== undefined) throw new Misuse(`${method} takes no number.`);
}

/** What is wrong with a record that is none says the reader of records. */
async function keyOn(stdin: AsyncIterable<Uint8Array>): Promise<unknown> {
  const line = await typedLine(stdin, 'key');
  try {
    return JSON.parse(line) as unknown;
  } catch {
    throw new Mistake('The key is no JSON.');
  }
}

function typeIn({ type }: { readonly type?: string | undefined }): PhoneType | undefined {
  const known = phoneTypes.find((each) => each === type);
  if (type === undefined || known) return known;
  throw new Misuse(`A phone is ${phoneTypes.join(', ')}, and not ${named(type)}.`);
}

function methodNamed(typed: string): string {
  const name = Object.hasOwn(formerNames, typed) ? formerNames[typed] : typed;
  if (name !== undefined && addable.includes(name)) return name;
  const all = `code, phone, email, security-key and recovery-code can be added, and not ${named(typed)}`;
  throw new Misuse(`${all}${didYouMean(typed, addable)}`);
}

const told = ({ id, method, hint }: HeldMethod): string =>
  `Method ${method}${hint === undefined ? '' : ` (${printable(hint)})`} is added, with the id ${id}.\n`;

const remove = defineCommand({
  names: ['<username>', '<id>'],
  takes: '[--reason <why>]',
  about: `Removes a method and signs out everywhere. Who has none left and needs one is asked to set
one up at the next sign-in. Where it was the default, sign-in begins with the strongest that is left.
${reasonHelp}`,
  options: reasonOption,
  async run({ administration, languages }, { names: [username, id], values }) {
    const { method, begins } = await administration.methods.remove(username, {
      id,
      reason: reasonIn(values),
    });
    const next = begins ? nowBegins(languages, begins) : '';
    return `${named(username)} no longer has this method (${method}).\n${next}`;
  },
});

const registerAgain = defineCommand({
  names: ['<username>'],
  takes: '--yes [--reason <why>]',
  about: `Removes all that somebody verifies with, but their password, and signs out everywhere. The next
sign-in asks to set up a method anew, by whoever knows the password: be sure who asks for it. Without
--yes it says what would be removed.
${reasonHelp}`,
  options: { yes: { type: 'boolean' }, ...reasonOption },
  async run({ administration }, { names: [username], values }) {
    const { methods } = administration;
    if (!values.yes) {
      const going = (await methods.listToRegisterAgain(username)).map(shown).join(', ');
      const all = going === '' ? 'nothing' : going;
      throw new Misuse(
        `This removes ${all}. A password and a pass stay. It cannot be undone: add --yes to do it.`,
      );
    }
    const done = await methods.registerAgain(username, { reason: reasonIn(values) });
    const name = named(done.username);
    if (done.removed.length === 0) return isSoAlready(name);
    return `${name} no longer has ${done.removed.map(shown).join(', ')}, and has to register again.\n`;
  },
});

const shown = ({ method, hint }: HeldMethod): string =>
  hint === undefined ? method : `${method} (${printable(hint)})`;

const lift = defineCommand({
  names: ['<username>', '<id>'],
  takes: '[--reason <why>]',
  about: `Lets a method be used again that was suspended because somebody pressed "This wasn't me" in a
mail. Only once it is certain whose it is: in doubt, remove it instead.
${reasonHelp}`,
  options: reasonOption,
  async run({ administration }, { names: [username, id], values }) {
    const { method, isChanged } = await administration.methods.lift(username, {
      id,
      reason: reasonIn(values),
    });
    const note = isChanged ? '' : isSoAlready(named(username));
    return `${note}${named(username)} can use this method again (${method}).\n`;
  },
});

const makeDefault = defineCommand({
  names: ['<username>', '<method>', '[<id>]'],
  takes: '[--reason <why>]',
  about: `Sets what sign-in begins with.

  <method>   as policy names it, such as text or call
  <id>       which one, where there are several: as "methods list" shows it
${reasonHelp}`,
  options: reasonOption,
  async run({ administration, languages }, { names: [username, method, id], values }) {
    const wish = { method: knownMethod(method), id, reason: reasonIn(values) };
    const { way, isChanged } = await administration.methods.setDefault(username, wish);
    const held = await administration.methods.list(username);
    const begins = held.find((one) => one.id === way.credential);
    const note = isChanged ? '' : isSoAlready(named(username));
    return note + (begins ? nowBegins(languages, { ...begins, defaultMethod: way.method }) : '');
  },
});

/** Whatever policy names; which of them sign-in can begin with, administration says. */
function knownMethod(typed: string): string {
  if (Object.hasOwn(allMethods, typed)) return typed;
  const known = Object.keys(allMethods);
  throw new Misuse(`There is no method ${named(typed)}${didYouMean(typed, known)}`);
}

/** As the pages call it. */
function nowBegins(languages: Languages, { defaultMethod = '', hint }: HeldMethod): string {
  const { t, withHint } = languages.choose(['en']);
  const method = t(`methods/${defaultMethod}.default`);
  const which = hint && printable(hint);
  return `Sign-in now begins with ${withHint('default.named', method, which)}.\n`;
}

export const methods: Group = {
  about: 'What somebody can verify with.',
  commands: { list, add, default: makeDefault, lift, remove, 'register-again': registerAgain },
};
