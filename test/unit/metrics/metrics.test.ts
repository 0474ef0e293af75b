import { expect } from 'chai';

import { type Metrics, openMetrics } from '../../../src/metrics/metrics.ts';

describe('a meter', () => {
  let metrics: Metrics;
  before(async () => {
    metrics = await openMetrics({ host: '127.0.0.1', port: 0 });
  });
  after(() => metrics.close());

  it('refuses names and labels that are not in the table', () => {
    const { meter } = metrics;
    expect(() => meter.count('surprises_total')).to.throw(/instruments/);
    expect(() => meter.count('constructor')).to.throw(/instruments/);
    expect(() => meter.count('sign_ins_total', { username: 'ada' })).to.throw(/username/);
    expect(() => meter.time('http_request_seconds', 1, { path: '/x' })).to.throw(/path/);
  });

  it('asks for a watched figure each time somebody looks', async () => {
    let runs = 3;
    metrics.meter.watch('password_hashes_total', () => runs);
    expect(await metrics.text()).to.match(/^doorstep_password_hashes_total 3$/m);
    runs = 5;
    expect(await metrics.text()).to.match(/^doorstep_password_hashes_total 5$/m);
  });

  it('answers at /metrics and nowhere else, and tells of the process and its event loop', async () => {
    const at = `http://127.0.0.1:${metrics.port}`;
    const response = await fetch(`${at}/metrics`);
    expect(response.headers.get('content-type')).to.match(/^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    expect(text).to.match(/^nodejs_eventloop_lag_p99_seconds /m);
    expect(text).to.match(/^process_resident_memory_bytes /m);
    expect((await fetch(`${at}/`)).status).to.equal(404);
    expect((await fetch(`${at}/metrics`, { method: 'POST' })).status).to.equal(404);
  });
});
