/**
 * Somebody who asks without a break, so that nothing can break unnoticed.
 */
import { setTimeout as pause } from 'node:timers/promises';

/** A POST is one that is refused, and so changes nothing. */
const paths = { GET: '/.well-known/openid-configuration', POST: '/token' } as const;

const EACH_AT_ONCE = 8;

/** From a moment before `happens` to a moment after it; says what was answered. */
export async function keepAsking(
  issuer: string,
  methods: readonly (keyof typeof paths)[],
  happens: () => Promise<void>,
): Promise<ReadonlySet<string>> {
  const answers = new Set<string>();
  let isOver = false;
  const asking = Array.from({ length: EACH_AT_ONCE }, () => methods)
    .flat()
    .map(async (method) => {
      while (!isOver) {
        const answer = await fetch(new URL(paths[method], issuer), { method }).catch(
          () => undefined,
        );
        await answer?.text();
        answers.add(`${method} ${answer?.status ?? 'broken off'}`);
      }
    });
  await pause(200);
  await happens();
  await pause(200);
  isOver = true;
  await Promise.all(asking);
  return answers;
}
