/**
 * What a phone installs, as the whole product serves it.
 */
import { expect } from 'chai';

import { type House, openHouse } from '../support/house.ts';

interface Manifest {
  readonly icons: readonly { readonly src: string; readonly type: string }[];
}

describe('The approver, before anything is paired', () => {
  let house: House;
  before(async () => {
    house = await openHouse({ organisation: { name: 'Gardeners’ Guild', accent: '#2e7d32' } });
  });
  after(() => house.close());

  async function asks(path: string, language = 'en') {
    const answer = await fetch(house.issuer + path, { headers: { 'accept-language': language } });
    const { status, headers } = answer;
    return { status, headers, text: await answer.text() };
  }

  it('is one page, the same for everybody', async () => {
    const [one, other] = await Promise.all([asks('/approver'), asks('/approver?phone=ada')]);
    const page = one.text;
    expect(one.status).to.equal(200);
    expect(page).to.contain('data-page="approver/app"').and.contain('Gardeners’ Guild');
    expect(page).to.equal(other.text);
    expect(one.headers.get('set-cookie')).to.equal(null);
    expect(one.headers.get('content-security-policy')).to.contain("worker-src 'self'");
  });

  it('can be installed, under the name and the colour of the organisation', async () => {
    const answer = await asks('/approver/manifest.webmanifest', 'de-AT, en;q=0.5');
    expect(answer.headers.get('content-type')).to.contain('application/manifest+json');
    const manifest = JSON.parse(answer.text) as Manifest;
    expect(manifest).to.include({
      ...{ name: 'Bestätigungs-App – Gardeners’ Guild', lang: 'de', theme_color: '#2e7d32' },
      ...{ start_url: '/approver', scope: '/approver', display: 'standalone' },
    });
    for (const { src, type } of manifest.icons) {
      const icon = await asks(src);
      expect([icon.status, icon.headers.get('content-type')], src).to.deep.equal([200, type]);
    }
  });

  it('has a worker for itself and no other page, new whenever something in it is', async () => {
    const worker = await asks('/approver/worker.js');
    expect(worker.headers.get('service-worker-allowed')).to.equal('/approver');
    expect(worker.headers.get('content-type')).to.contain('text/javascript');
    const source = worker.text;
    expect((await asks('/approver/worker.js')).text).to.equal(source);
    expect((await asks('/approver/worker.js', 'de')).text).not.to.equal(source);
    const files = [
      ...source
        .split('\n', 1)
        .join('')
        .matchAll(/"(\/assets\/[^"]+)"/g),
    ];
    expect(files.map(([, file]) => file)).to.include('/assets/approver/app.js');
    for (const [, file = ''] of files) expect((await asks(file)).status, file).to.equal(200);
  });

  it('has the decoder that its scanner falls back to', async () => {
    const { text: decoder } = await asks('/assets/approver/qr/decode.js');
    expect(decoder).to.contain("from './index.js'");
    expect((await asks('/assets/approver/qr/index.js')).status).to.equal(200);
  });
});
