import { expect } from 'chai';

import { createCrypt } from '../../../src/lib/crypt.ts';
import { recordId } from '../../../src/models/oidc-record.ts';
import { createClients } from '../../../src/oidc/clients.ts';
import { memoryRecords } from './memory-records.ts';

const crypt = createCrypt(['a secret for tests only, long enough']);
const shop = { client_id: 'shop', client_secret: 'tell nobody' };

describe('clients', () => {
  const setUp = () => {
    const records = memoryRecords();
    const time = { now: 0 };
    const clock = { now: () => new Date(time.now) };
    return {
      records,
      time,
      here: createClients({ records, crypt, clock }),
      there: createClients({ records, crypt, clock }),
    };
  };

  it('keep their secret sealed, and give it back', async () => {
    const { records, here } = setUp();
    await here.save(shop);
    expect(records.all.get(recordId('Client', 'shop'))?.payload).not.to.include('tell nobody');
    expect(await here.find('shop')).to.deep.equal(shop);
    expect(await here.list()).to.deep.equal([shop]);
  });

  it('do not open under another name', async () => {
    const { records, here } = setUp();
    await here.save(shop);
    const stolen =
      records.all.get(recordId('Client', 'shop'))?.payload.replace('"shop"', '"blog"') ?? '';
    await records.put({ _id: recordId('Client', 'blog'), kind: 'Client', payload: stolen });
    await here.find('blog').then(
      () => expect.fail('it opened'),
      (error: unknown) => expect(error).to.be.an('error'),
    );
  });

  it('are changed in every process after five seconds at the latest', async () => {
    const { here, there, time } = setUp();
    expect(await there.find('shop')).to.equal(undefined);
    await here.save(shop);
    expect(await here.find('shop')).to.deep.equal(shop);
    time.now = 4999;
    expect(await there.find('shop')).to.equal(undefined);
    time.now = 5000;
    expect(await there.find('shop')).to.deep.equal(shop);

    await here.remove('shop');
    time.now = 10_000;
    expect(await there.find('shop')).to.equal(undefined);
  });
});
