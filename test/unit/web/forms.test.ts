import { expect } from 'chai';
import type { Middleware } from 'koa';

import { isDiskFull } from '../../../src/lib/disk-full.ts';
import { Problem } from '../../../src/lib/problem.ts';
import { createErrors } from '../../../src/web/errors.ts';
import { formOf, parseForm, readForm } from '../../../src/web/forms.ts';
import { form, pagesAsJson, smallApp } from './small-app.ts';

const clock = { now: () => new Date(0) };
const echo: Middleware = (ctx) => {
  ctx.body = { fields: { ...formOf(ctx) } };
};

describe('forms', () => {
  it('are read into fields that nobody can change', () => {
    const fields = parseForm('a=1&b=two+words&c=%C3%A4');
    expect({ ...fields }).to.deep.equal({ a: '1', b: 'two words', c: 'ä' });
    expect(Object.isFrozen(fields)).to.equal(true);
  });

  it('take __proto__ for a field like any other (S-194)', () => {
    const fields = parseForm('__proto__=x&constructor=y');
    expect(Object.keys(fields)).to.deep.equal(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>).x).to.equal(undefined);
  });

  const refused = {
    'a field twice': 'a=1&a=2',
    'a NUL': 'a=%00',
    'a lone surrogate': 'a=%ED%A0%80',
    'a broken escape': 'a=%zz',
    'a long value': `a=${'x'.repeat(4097)}`,
    'a long name': `${'x'.repeat(101)}=1`,
    'more than a hundred fields': Array.from({ length: 101 }, (_, index) => `f${index}=1`).join(
      '&',
    ),
  };
  for (const [what, text] of Object.entries(refused)) {
    it(`refuse ${what}`, () => {
      expect(() => parseForm(text)).to.throw(Problem, 'form-invalid');
    });
  }

  it('take a longer value only where they are told so', () => {
    const text = `a=${'x'.repeat(12_000)}`;
    expect(parseForm(text, 12_288)).to.have.property('a').with.lengthOf(12_000);
    expect(() => parseForm(text, 11_999)).to.throw(Problem, 'form-invalid');
  });

  describe('over HTTP', () => {
    let app: Awaited<ReturnType<typeof smallApp>>;
    before(async () => {
      const errors = createErrors({
        log: { error: () => undefined },
        refused: () => undefined,
        disk: { isToBlame: isDiskFull },
        clock,
      });
      app = await smallApp(() => [pagesAsJson, errors, readForm, echo]);
    });
    after(() => app.stop());

    it('come as urlencoded text', async () => {
      const { status, body } = await app.request('/', form('a=1'));
      expect([status, JSON.parse(body)]).to.deep.equal([200, { fields: { a: '1' } }]);
    });

    it('are not JSON, multipart or compressed', async () => {
      for (const headers of [
        { 'content-type': 'application/json' },
        { 'content-type': 'multipart/form-data; boundary=x' },
        { 'content-type': 'application/x-www-form-urlencoded', 'content-encoding': 'gzip' },
        {},
      ]) {
        const { status } = await app.request('/', { method: 'POST', headers, body: 'a=1' });
        expect(status, JSON.stringify(headers)).to.equal(400);
      }
    });

    it('are small, whether they say their length or not', async () => {
      const large = form(`a=${'x'.repeat(16 * 1024)}`);
      const chunked = { ...large, headers: { ...large.headers, 'transfer-encoding': 'chunked' } };
      expect((await app.request('/', large)).status).to.equal(413);
      expect((await app.request('/', chunked)).status).to.equal(413);
    });

    it('are UTF-8', async () => {
      const { status } = await app.request('/', { ...form(''), body: Buffer.from([97, 61, 255]) });
      expect(status).to.equal(400);
    });
  });
});
