/**
 * Wrong input in every field of every form (S-067, S-112, S-193, S-194, R-34), and fields that
 * no form has (C-21, C-33, C-58, C-69): the forms come from the real pages, so a new page or
 * field is attacked without anybody remembering it. Bodies that are no form are refused by
 * `readForm` before anybody asks which form it is, so three forms stand for all of them.
 */
import { gzipSync } from 'node:zlib';

import { expect } from 'chai';
import type { HTMLElement } from 'node-html-parser';

import { describeHouse } from '../support/describe-house.ts';
import type { House } from '../support/house.ts';
import { recordsOf, rememberRecords } from '../support/records.ts';
import type { Visitor } from '../support/visitor.ts';
import { everyWay, flowOf, ways } from '../support/at-each-step.ts';

const URLENCODED = 'application/x-www-form-urlencoded';
const SECRET = 'hunter2-Secret-Marker';

/** Bodies that nobody's browser sends; `rest` is all but the field, ready to be sent. */
const brokenBodies: Readonly<Record<string, (field: string, rest: string) => string>> = {
  'sent twice': (field, rest) => `${rest}&${field}=${SECRET}&${field}=${SECRET}`,
  'with 100 kB in it': (field, rest) => `${rest}&${field}=${'a'.repeat(100_000)}`,
  'with 5 kB in it': (field, rest) => `${rest}&${field}=${'a'.repeat(5_000)}`,
  'with a NUL': (field, rest) => `${rest}&${field}=${SECRET}%00`,
  'with half a surrogate pair': (field, rest) => `${rest}&${field}=%ED%A0%80`,
  'with bytes that are no UTF-8': (field, rest) => `${rest}&${field}=%FF%FE`,
  'with half an escape': (field, rest) => `${rest}&${field}=%E0%A4%A`,
};

/** What a field may carry without being a broken body; it must be wrong, and no more. */
const wrongFields: Readonly<Record<string, (field: string) => string>> = {
  missing: () => '',
  empty: (field) => `${field}=`,
  'a list': (field) => `${field}[]=${SECRET}&${field}[]=b`,
  'an operator': (field) => `${field}[$gt]=`,
  'another operator': (field) => `${field}[$ne]=${SECRET}`,
  'an object': (field) => `${field}[a][b]=${SECRET}`,
  'a pattern': (field) => `${field}=.*`,
  'an operator as text': (field) => `${field}=${encodeURIComponent('{"$gt":""}')}`,
  'a number': (field) => `${field}=1e1`,
  'no number': (field) => `${field}=NaN`,
  'a truth': (field) => `${field}=TRUE`,
  'a prototype': (field) => `${field}=__proto__`,
  'a constructor': (field) => `${field}=constructor`,
  'other digits': (field) => `${field}=${encodeURIComponent('١٢٣٤٥٦')}`,
  'line breaks': (field) => `${field}=a%0D%0ASet-Cookie:%20a=b`,
  markup: (field) => `${field}=${encodeURIComponent('"><script>alert(1)</script>')}`,
};

const parsedFirst: readonly string[] = ['identify', 'answer, password', 'add'];

/** Fields that no form has. */
const unknownFields = [
  '__proto__[polluted]=1&__proto__=1',
  'constructor[prototype][polluted]=1',
  'account[id]=id-bob&accountId=id-bob&userId=id-bob&user=id-bob&_id=id-bob',
  'facts[consented]=true&consented=true&proofs[0][factor]=possession&acr=urn:doorstep:acr:mfa',
  'isDefault=true&verified=true&role=admin&roles=admin',
];

describeHouse('Hostile input', { ...everyWay, log: { level: 'info' } }, (house) => {
  const attacked = new Set<string>();

  for (const [name, way] of Object.entries(ways)) {
    it(`gets nobody anywhere at: ${name}`, async () => {
      const visitor = await way(house);
      const attack = await attackOn(house, visitor);
      for (const form of visitor.html().querySelectorAll('main form')) {
        // "Cancel" is on every page, and enough is enough.
        if (attacked.size === attacked.add(kindOf(form)).size) continue;
        for (const field of fieldsOf(form)) await attack.field(form, field);
        await attack.extras(form);
        if (parsedFirst.includes(name)) await attack.bodies(form);
      }
    });
  }

  it('leaves no trace of what was typed in the log, and no prototype behind', async () => {
    const ada = await ways['answer, password'](house);
    await (await attackOn(house, ada)).bodies(ada.formFor('form[data-step]'));
    const log = await house.logged();
    expect(log).to.contain('challenge.answered');
    expect(log).not.to.contain(SECRET).and.not.to.contain('request.failed');
    expect(Reflect.get({}, 'polluted')).to.equal(undefined);
  });
});

async function attackOn(house: House, visitor: Visitor) {
  const restore = await rememberRecords(house);
  const before = await recordsOf(house.connection);
  const held = holdings(await flowOf(house, visitor));
  const sent = house.carrier.texts.length;

  return { field, extras, bodies };

  async function field(form: HTMLElement, name: string): Promise<void> {
    const rest = filled(form, name);
    // A checkbox that is not ticked is a form like any other.
    const wrong = Object.entries(wrongFields).filter(([what]) => !isFine(name, what));
    for (const [what, fieldOf] of wrong) {
      await gainsNothing(form, `${rest}&${fieldOf(name)}`, `${name} is ${what}`);
    }
    await hasChangedNothing(name);
  }

  async function extras(form: HTMLElement): Promise<void> {
    const body = filled(form);
    for (const extra of unknownFields) {
      await posts(form, `${body}&${extra}`, extra);
      await hasGained(extra);
    }
  }

  async function bodies(form: HTMLElement): Promise<void> {
    const body = filled(form);
    const json = JSON.stringify(Object.fromEntries(new URLSearchParams(body)));
    const boundary = '--x\r\ncontent-disposition: form-data; name="_csrf"\r\n\r\na\r\n--x--';
    const many = Array.from({ length: 101 }, (_, index) => `f${index}=1`).join('&');
    for (const name of fieldsOf(form)) {
      for (const [what, bodyOf] of Object.entries(brokenBodies)) {
        await isRefused(form, bodyOf(name, filled(form, name)), `${name} ${what}`);
      }
    }
    await isRefused(form, '', 'no body');
    await isRefused(form, json, 'JSON', { 'content-type': 'application/json' });
    await isRefused(form, json, 'JSON in disguise');
    await isRefused(form, body, 'plain text', { 'content-type': 'text/plain' });
    await isRefused(form, body, 'no type', { 'content-type': '' });
    await isRefused(form, boundary, 'multipart', {
      'content-type': 'multipart/form-data; boundary=x',
    });
    await isRefused(form, gzipSync(body), 'gzip', { 'content-encoding': 'gzip' });
    await isRefused(form, body, 'gzip that is none', { 'content-encoding': 'gzip' });
    await isRefused(form, `${body}&${many}`, 'more than 100 fields');
    await isRefused(form, `${body}&${'a'.repeat(101)}=1`, 'a long name');
    await hasChangedNothing('a broken body');
  }

  /** A clear page in the range of 400. */
  async function isRefused(
    form: HTMLElement,
    body: string | Buffer,
    what: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const answer = await posts(form, body, what, headers);
    expect(answer.status, what).to.be.oneOf([400, 403, 413]);
  }

  /** Refused, or counted as a wrong answer: no proof, no message, no other account. */
  async function gainsNothing(form: HTMLElement, body: string, what: string): Promise<void> {
    const answer = await posts(form, body, what);
    expect(answer.status, what).to.be.oneOf([303, 400, 403]);
    if (answer.status !== 303) return;
    expect(answer.headers.get('location'), what).to.match(/^\/sign-in\//);
    await hasGained(what);
  }

  /** Not a byte is different after what was refused. */
  async function hasChangedNothing(what: string): Promise<void> {
    expect(await recordsOf(house.connection), what).to.deep.equal(before);
  }

  async function hasGained(what: string): Promise<void> {
    const now = holdings(await flowOf(house, visitor));
    // Starting again gives proofs back, and that is what one of the forms is for.
    expect(held.proofs, what).to.include.members(now.proofs);
    if (held.account !== undefined) {
      expect(now.account, what).to.be.oneOf([held.account, undefined]);
    }
    expect(house.carrier.texts.length, what).to.be.at.most(sent + 1);
    await restore();
    house.carrier.texts.length = sent;
  }

  async function posts(
    form: HTMLElement,
    body: string | Buffer,
    what: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const answer = await visitor.raw(form.getAttribute('action') ?? '', {
      method: 'POST',
      body: typeof body === 'string' ? body : new Uint8Array(body),
      headers: { 'content-type': URLENCODED, 'sec-fetch-site': 'same-origin', ...headers },
    });
    const page = await answer.text();
    expect(answer.status, `${form.getAttribute('action') ?? ''}, ${what}`).to.be.below(500);
    if (answer.status >= 400) expect(page, what).to.contain('data-page="problem"');
    expect(page)
      .not.to.contain('<script>alert')
      .and.not.to.match(/\bat .+\.ts:\d+/);
    return answer;
  }
}

const fieldsOf = (form: HTMLElement): string[] => [
  ...new Set(form.querySelectorAll('[name]').map((input) => input.getAttribute('name') ?? '')),
];

function kindOf(form: HTMLElement): string {
  const { action = '', ...data } = form.attributes;
  return [action.split('/').pop(), data['data-step'], data['data-method'], fieldsOf(form)].join();
}

/** As the page has it, with something wrong in what would be typed. */
function filled(form: HTMLElement, without?: string): string {
  const fields = new URLSearchParams();
  for (const input of form.querySelectorAll('[name]')) {
    const { name = '', value } = input.attributes;
    const isTyped = input.tagName === 'SELECT' || !value;
    if (name !== without) fields.set(name, isTyped ? SECRET : value);
  }
  // Whatever is typed may well be a good new password, unless it was typed differently.
  if (form.getAttribute('action')?.endsWith('/new-password')) fields.set('repeated', 'different');
  return fields.toString();
}

/** Left out, or empty, this is a sound form. */
const isFine = (name: string, what: string): boolean =>
  name === 'skip' && /missing|list|operator|object/.test(what) && what !== 'an operator as text';

interface Held {
  readonly proofs: readonly object[];
  readonly facts: { readonly account?: { readonly id?: string } };
}

/** Of a flow that has ended, nothing. */
function holdings(flow: string) {
  const { proofs, facts } = (JSON.parse(flow) ?? { proofs: [], facts: {} }) as Held;
  return { proofs: proofs.map((proof) => JSON.stringify(proof)), account: facts.account?.id };
}
