/**
 * What an administrator asked for cannot be done, and why, in a sentence for administrators.
 * Anything else that is thrown here is a bug.
 */
export type RefusalCode = 'not-found' | 'taken' | 'invalid' | 'full' | 'changed-meanwhile';

export class Refusal extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
  }
}

/** Writes are made only over what was read; whoever loses this often is no person. */
const RACES = 10;

/** Reads and writes again until nobody was quicker. */
export async function untilWritten<Read>(
  read: () => Promise<Read>,
  write: (read: Read) => Promise<boolean>,
): Promise<Read> {
  for (let race = 0; race < RACES; race += 1) {
    const found = await read();
    if (await write(found)) return found;
  }
  throw new Refusal('changed-meanwhile', 'It is being changed by others; try again.');
}
