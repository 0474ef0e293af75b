/**
 * What is stored cannot be read: of a wrong shape, or sealed by nobody that we know. Not the
 * fault of whoever asks, and no reason to break anything but itself.
 */
export class Unreadable extends Error {
  constructor(what: string, cause: unknown) {
    super(`${what} cannot be read`, { cause });
    this.name = 'Unreadable';
  }
}

/** What this reads from something stored; throws Unreadable where it cannot. */
export function readable<Value>(what: string, read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    throw new Unreadable(what, cause);
  }
}
