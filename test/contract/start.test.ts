/**
 * What runs before the product does (src/need-node-24.js), in a Node of its own each time.
 */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

import { expect } from 'chai';

const root = resolve(import.meta.dirname, '../..');
const first = resolve(root, 'src/need-node-24.js');

describe('the start', () => {
  it('keeps compiled code beside the code, where nobody else writes', async () => {
    expect(await codeCache({})).to.include(`${root}/build/code-cache/`);
  });

  it('keeps it where NODE_COMPILE_CACHE says', async () => {
    const elsewhere = resolve(root, 'build/code-cache-elsewhere');
    expect(await codeCache({ NODE_COMPILE_CACHE: elsewhere })).to.include(elsewhere);
  });

  it('goes on without where that cannot be written', async () => {
    expect(await codeCache({ NODE_COMPILE_CACHE: `${first}/no-folder` })).to.not.include(
      'no-folder',
    );
  });
});

async function codeCache(environment: Readonly<Record<string, string>>): Promise<string> {
  const told = "console.log(require('node:module').getCompileCacheDir() ?? 'none')";
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', first, '--eval', told],
    { env: environment },
  );
  return stdout.trim();
}
