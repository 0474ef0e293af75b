/**
 * Cuts a stream of bytes into lines, without ever holding more than one of bounded length:
 * a file without line ends must not fill the memory.
 */
export interface Line {
  /** From 1. */
  readonly number: number;
  /** Undefined when it was too long or no UTF-8. */
  readonly text: string | undefined;
}

export const LONGEST_LINE_BYTES = 65_536;

const LINE_FEED = 10;

export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let number = 0;
  let held: Uint8Array[] = [];
  let length = 0;

  const line = (): Line => {
    number += 1;
    const bytes = Buffer.concat(held);
    const isTooLong = length > LONGEST_LINE_BYTES;
    held = [];
    length = 0;
    return { number, text: isTooLong ? undefined : decoded(bytes) };
  };
  const hold = (bytes: Uint8Array): void => {
    length += bytes.length;
    if (length > LONGEST_LINE_BYTES) held = [];
    else held.push(bytes);
  };

  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      hold(chunk.subarray(from, end));
      yield line();
      from = end + 1;
    }
    // Copied, because what reads may use its memory again.
    hold(Uint8Array.from(chunk.subarray(from)));
  }
  if (length > 0) yield line();
}

/** Without a byte order mark and the first half of a Windows line end. */
function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r$/, '');
  } catch {
    return undefined;
  }
}
