/**
 * Says beside a problem what may be done about it, where its flow knows something.
 */
import type { Context } from 'koa';

interface Helping {
  /** Words, and the act behind their button, if any. */
  readonly helpWith?:
    | ((problem: unknown) => { readonly words: string; readonly act?: string } | undefined)
    | undefined;
  /** Where the act is posted below, and the token of its form. */
  readonly at: string;
  readonly csrf: string;
}

/** Whatever the work throws is thrown on. */
export async function helped(
  ctx: Context,
  work: () => Promise<void>,
  { helpWith, ...form }: Helping,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const help = helpWith?.(error);
    if (help) ctx.help = { ...help, ...form };
    throw error;
  }
}
