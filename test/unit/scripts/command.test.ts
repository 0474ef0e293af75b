import { expect } from 'chai';

import { Misuse, run, type Terminal } from '../../../scripts/doorstep/run.ts';

/** What is said on the error output, and the exit code. */
async function ended(error: Error): Promise<readonly [string, unknown]> {
  let said = '';
  const stderr = { write: (text: string) => ((said += text), true) };
  const terminal: Pick<Terminal, 'stderr' | 'exitCode'> = { stderr };
  await run(() => Promise.reject(error), terminal);
  return [said, terminal.exitCode];
}

describe('a command that fails', () => {
  it('says in one line that a disk is full, and that it may be run again', async () => {
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
    const [said, code] = await ended(new Error('cannot be written', { cause: full }));
    expect(said).to.match(/^The disk is full \(cannot be written\)\. Make room and .*\n$/);
    expect(code).to.equal(1);
  });

  it('tells by its code what could not be understood', async () => {
    expect(await ended(new Misuse('What?'))).to.deep.equal(['What?\n', 2]);
  });

  it('leaves a bug to its stack', async () => {
    const bug = new Error('a bug');
    const thrown: unknown = await ended(bug).catch((error: unknown) => error);
    expect(thrown).to.equal(bug);
  });
});
