/**
 * What a method must bring besides its folder and its line, so that adding one is no more
 * than that: a kind, a page, words, settings that stand on their own.
 */
import { access, readFile } from 'node:fs/promises';

import { expect } from 'chai';
import { parse } from 'node-html-parser';
import { z } from 'zod';

import { kinds } from '../../src/credentials/index.ts';
import { createMethods, type MethodId, methods } from '../../src/methods/index.ts';
import { isSecondStep } from '../../src/methods/method.ts';
import type { AnswerPage } from '../../src/flow/pages.ts';
import { loadLanguages } from '../../src/web/language.ts';
import { createPages } from '../../src/web/page.ts';
import { loadTemplates } from '../../src/web/templates.ts';
import { bareSettings, createPorts } from '../unit/methods/ports.ts';

const root = new URL('../../', import.meta.url);
const ids = Object.keys(methods) as MethodId[]; // the registry is a literal
const open = createMethods(bareSettings, createPorts().ports);

/** The registry of RFC 8176 §2. */
const AMR =
  'face fpt geo hwk iris kba mca mfa otp pin pop pwd rba retina sc sms swk tel user vbm wia';

const pages = createPages({
  ...{ templates: loadTemplates('views'), languages: loadLanguages('views/words') },
  ...{ organisation: { name: 'Doorstep' }, asset: (name: string) => name },
});

/** The forms on its page by which an answer is given, or waited for. */
function answerForms(method: MethodId, question: AnswerPage['challenge']['page']) {
  const page: AnswerPage = {
    ...{ at: '/sign-in/u1', csrf: 'c1', client: { name: 'Tea Shop' }, username: 'ada' },
    ...{ hasOtherWays: true, waits: { since: 1, seconds: 60 }, trustBrowser: { days: 30 } },
    instead: { method: 'code', credential: 'a1' },
    challenge: {
      ...{ id: 'ch1', method, page: question, attemptsLeft: 5, undelivered: false, open: true },
    },
  };
  const html = parse(pages.render(`methods/${method}/answer`, page, { locale: 'en' }));
  const steps = ['answer', 'waits', 'instead'];
  return html
    .querySelectorAll('form[data-step]')
    .filter((form) => steps.includes(form.getAttribute('data-step') ?? ''));
}

describe('methods', () => {
  for (const id of ids) {
    describe(id, () => {
      const method = methods[id];

      it('earns references of RFC 8176', () => {
        // What a key proves depends on the key, and is in each verdict.
        if (!('traitsOf' in method)) expect(method.amr).to.have.lengthOf.at.least(1);
        expect(AMR.split(' ')).to.include.members([...method.amr]);
        // Two factors are a sign-in's business, never one method's.
        expect(method.amr).not.to.include('mfa');
      });

      it('is for something, each purpose named once', () => {
        const purposes: readonly string[] = method.purposes;
        expect(purposes).to.have.lengthOf.at.least(1);
        expect(['sign-in', 'reset', 'enrol', 'change']).to.include.members([...purposes]);
        expect(new Set(purposes).size).to.equal(purposes.length);
      });

      it('asks for a kind that is registered', () => {
        expect(Object.values(kinds)).to.include(method.credential);
        expect(kinds).to.have.property(method.credential.id, method.credential);
        expect(method.credential.most).to.be.within(1, 20);
      });

      it('can be confirmed when its kind is added', () => {
        const { adding } = open.get(id) ?? {};
        expect(method.purposes.includes('enrol')).to.equal(adding !== undefined);
      });

      it('has a default for every setting and refuses unknown ones', () => {
        expect(method.settings.safeParse({}).success).to.equal(true);
        expect(method.settings.safeParse({ nonsense: 1 }).success).to.equal(false);
      });

      it('reads an answer that carries more fields, and keeps none of them', () => {
        const { properties } = z.toJSONSchema(method.answer, { io: 'input' });
        expect(Object.keys(properties ?? {})).to.have.lengthOf.at.least(1);
        expect(method.answer.safeParse({ _csrf: 'x' }).success).to.equal(false);
      });

      it('has a page to answer on', async () => {
        await access(new URL(`views/methods/${id}/answer.ejs`, root));
      });

      it('lets people choose beside every answer not to be asked again, as a second step', () => {
        for (const question of [{ digits: 6 }, { digits: 2, number: '47' }]) {
          const forms = answerForms(id, question);
          expect(forms).to.have.lengthOf.at.least(1);
          const offered = forms.map((form) => form.querySelector('[name="trust"]') !== null);
          expect(offered.every((isOffered) => isOffered === isSecondStep(method))).to.equal(true);
        }
      });

      it('has words', async () => {
        const text = await readFile(new URL('views/words/en.json', root), 'utf8');
        const words = z.record(z.string(), z.string()).parse(JSON.parse(text));
        expect(words).to.have.property(`methods/${id}.name`);
        if (open.get(id)?.canBeDefault) expect(words).to.have.property(`methods/${id}.default`);
      });
    });
  }

  it('can begin a sign-in where people carry them along, and no other can (B1-08)', () => {
    const can = [...open.values()].filter(({ canBeDefault }) => canBeDefault);
    const wanted = ['security-key', 'approve', 'code', 'text', 'call'];
    expect(can.map(({ id }) => id)).to.have.members(wanted);
    expect(can.every(({ factor }) => factor === 'possession')).to.equal(true);
  });

  it('count as a second step, but for the password and for what only lets people back in', () => {
    const others = [...open.values()].filter((method) => !isSecondStep(method));
    const wanted = ['password', 'email', 'security-questions', 'temporary-access-pass'];
    expect(others.map(({ id }) => id)).to.have.members(wanted);
  });

  it('have ranks of their own', () => {
    expect(new Set(ids.map((id) => methods[id].rank)).size).to.equal(ids.length);
  });

  it('open under their own ids', () => {
    expect([...open.keys()]).to.deep.equal(ids);
    expect([...open.values()].map(({ id }) => id)).to.deep.equal(ids);
  });

  it('register every kind under its own id', () => {
    expect(Object.values(kinds).map(({ id }) => id)).to.deep.equal(Object.keys(kinds));
  });
});
