import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';
import { destination } from 'pino';

import { createLog } from '../../../src/lib/log.ts';

describe('the log', () => {
  let directory: string;
  before(() => (directory = mkdtempSync(join(tmpdir(), 'doorstep-log-'))));
  after(() => rmSync(directory, { recursive: true }));

  function logged(fields: object, event: string): { line: string; entry: Record<string, unknown> } {
    const dest = join(directory, `${event}.log`);
    const { log, flush } = createLog({ level: 'info' }, destination({ dest, sync: true }));
    log.info(fields, event);
    flush();
    const line = readFileSync(dest, 'utf8');
    return { line, entry: JSON.parse(line) as Record<string, unknown> };
  }

  it('writes one line of JSON with the name of the event', () => {
    const { line, entry } = logged({ accountId: 'a\n{"level":"fatal"}' }, 'challenge.begun');
    expect(line.trimEnd().split('\n')).to.have.lengthOf(1);
    expect(entry).to.include({ event: 'challenge.begun', level: 'info' });
  });

  it('prints what is called like a secret as [secret]', () => {
    const { line } = logged({ password: 'p4ss', sms: { text: 'code 1', token: 't0k' } }, 'sent');
    expect(line).not.to.match(/p4ss|code 1|t0k/);
    expect(line.match(/\[secret\]/g)).to.have.lengthOf(3);
  });

  it('shows of an error what every error has, and its cause', () => {
    const cause = new Error('the socket closed');
    const err = Object.assign(new Error('not sent', { cause }), { code: 'E1', command: 'p4ss' });
    const { line, entry } = logged({ err }, 'failed');
    expect(entry.err).to.include({ message: 'not sent', code: 'E1' });
    expect(line).to.contain('the socket closed').and.not.contain('p4ss');
  });
});
