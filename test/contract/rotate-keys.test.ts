import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { expect } from 'chai';

const run = promisify(execFile);
const scripts = resolve(import.meta.dirname, '../../scripts');

describe('npm run rotate-keys', () => {
  let directory: string;
  before(async () => (directory = await mkdtemp(join(tmpdir(), 'doorstep-rotate-'))));
  after(() => rm(directory, { recursive: true, force: true }));

  async function node(script: string, ...args: string[]): Promise<string> {
    const env = { NODE_ENV: 'test', DATA_DIRECTORY: join(directory, 'data') };
    return run(process.execPath, [join(scripts, script), ...args], { env }).then(
      ({ stdout }) => stdout,
      (error: unknown) => (error as { stderr: string }).stderr, // what execFile rejects with
    );
  }

  it('takes the files of npm run secrets through a rotation, and says what comes next', async () => {
    const folder = join(directory, 'secrets');
    const keys = async () => (await readFile(join(folder, 'cookie-keys'), 'utf8')).split(/\s+/);
    await node('make-secrets.ts', folder);
    const [old = ''] = await keys();
    expect(await node('rotate-keys.ts', 'cookies', 'add', folder)).to.match(/then: promote/);
    expect((await keys())[0]).to.equal(old);
    expect(await node('rotate-keys.ts', 'cookies', 'promote', folder)).to.match(/then: drop/);
    expect((await keys())[1]).to.equal(old);
    expect(await node('rotate-keys.ts', 'cookies', 'drop', folder)).to.match(/^Not before/);
    expect(await keys()).to.include(old);
    expect(await node('rotate-keys.ts', 'encryption', 'drop', folder)).to.match(/stay/);
    expect(await node('rotate-keys.ts', 'next', folder)).to.match(/cookies: drop/);
    expect(await node('rotate-keys.ts', 'signing', 'add', folder)).to.match(/then: promote/);
  }).timeout(60_000);
});
