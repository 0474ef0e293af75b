import { Readable } from 'node:stream';

import { expect } from 'chai';

import { typedLine } from '../../../scripts/doorstep/typed-line.ts';

const read = (input: string | Uint8Array): Promise<string> =>
  typedLine(Readable.from([Buffer.from(input as string)]), 'password').catch(
    (error: unknown) => (error as Error).message,
  );

describe('a secret on the input', () => {
  const table: readonly (readonly [string, string | Uint8Array, string | RegExp])[] = [
    ['one line', 'paper boats\n', 'paper boats'],
    ['a line of Windows', 'paper boats\r\n', 'paper boats'],
    ['no line end', 'paper boats', 'paper boats'],
    ['a byte order mark', '\ufeffpaper boats\n', 'paper boats'],
    ['spaces around it', ' paper boats ', ' paper boats '],
    ['other scripts', 'Bücher 📚\n', 'Bücher 📚'],
    ['nothing', '', /no password/],
    ['an empty line', '\n', /no password/],
    ['two lines', 'paper\nboats\n', /more than one line/],
    ['an empty line behind it', 'paper boats\n\n', /more than one line/],
    ['a line of old Macs', 'paper\rboats', /nobody can type/],
    ['a NUL', 'paper\0boats\n', /nobody can type/],
    ['UTF-16', Buffer.from('paper boats', 'utf16le'), /nobody can type/],
    ['UTF-16 that says so', Buffer.from('\ufeffpaper boats', 'utf16le'), /no UTF-8/],
    ['Latin-1', Buffer.from('Bücher', 'latin1'), /no UTF-8/],
    ['a megabyte', 'a'.repeat(1_000_000), /too long/],
  ];
  for (const [what, input, expected] of table) {
    it(`is ${typeof expected === 'string' ? 'taken' : 'refused'} with ${what}`, async () => {
      const said = await read(input);
      if (typeof expected === 'string') expect(said).to.equal(expected);
      else expect(said).to.match(expected).and.not.to.contain('paper');
    });
  }
});
