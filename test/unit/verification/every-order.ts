/**
 * Calls at the same moment, in every order that their steps can take: a story is told anew for
 * each, and whenever every call waits for its next step, one of them may take it. Nothing is
 * left to luck, so what may happen once in a million sign-ins happens here each time.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';

import { Problem } from '../../../src/lib/problem.ts';

export interface Story<Result> {
  readonly calls: readonly (() => Promise<Result>)[];
  /** The process of the first call may be killed before any of its steps. */
  readonly isMortal?: boolean;
  /** What came of each call: a refusal is a result too, and of a killed one there is none. */
  check(results: readonly (Result | Problem | undefined)[]): Promise<unknown>;
}

interface Call<Result> {
  readonly waiting: (() => void)[];
  isOver: boolean;
  result?: Result;
  fault?: unknown;
}

interface Choice {
  readonly chosen: number;
  readonly of: number;
  readonly name: string;
}

const inCall = new AsyncLocalStorage<Call<unknown>>();

/** To be awaited before anything that others can see; nobody waits outside of a story. */
export async function step(): Promise<void> {
  const call = inCall.getStore();
  if (call) await new Promise<void>((go) => call.waiting.push(go));
}

/** Done in one step, however many it takes elsewhere. */
export async function atOnce<Result>(act: () => Promise<Result>): Promise<Result> {
  await step();
  return inCall.exit(act);
}

/** How many orders there were. */
export async function inEveryOrder<Result>(tell: () => Promise<Story<Result>>): Promise<number> {
  let count = 0;
  for (let order: readonly number[] | undefined = []; order; count += 1) {
    const story = await tell();
    const made: Choice[] = [];
    try {
      await story.check(await told(story, order, made));
    } catch (cause) {
      const named = made.map(({ name }) => name).join('');
      throw new Error(`in the order ${named}: ${String(cause)}`, { cause });
    }
    order = following(made);
  }
  return count;
}

/** `made` is told what was chosen: what is in `order`, and then always the first. */
async function told<Result>(
  { calls, isMortal = false }: Story<Result>,
  order: readonly number[],
  made: Choice[],
) {
  const all = calls.map(begun);
  for (;;) {
    while (all.some(({ isOver, waiting }) => !isOver && waiting.length === 0)) await turn();
    const choices = all.flatMap((call, index) => (call.isOver ? [] : choicesOf(call, index)));
    if (choices.length === 0) return all.map(resultOf);
    const choice = choices[order[made.length] ?? 0];
    if (!choice) throw new Error('a story must go the same way in the same order');
    made.push({ chosen: choices.indexOf(choice), of: choices.length, name: choice.name });
    choice.take();
  }

  function choicesOf(call: Call<Result>, index: number) {
    const name = 'abc'.charAt(index);
    const goOn = { name, take: () => call.waiting.shift()?.() };
    const die = { name: '†', take: () => (call.isOver = true) };
    return isMortal && index === 0 ? [goOn, die] : [goOn];
  }
}

function begun<Result>(act: () => Promise<Result>): Call<Result> {
  const call: Call<Result> = { waiting: [], isOver: false };
  void inCall.run(call, act).then(
    (result) => Object.assign(call, { result, isOver: true }),
    (fault: unknown) => Object.assign(call, { fault, isOver: true }),
  );
  return call;
}

function resultOf<Result>({ result, fault }: Call<Result>): Result | Problem | undefined {
  if (fault === undefined || fault instanceof Problem) return fault ?? result;
  throw new Error('a fault of ours', { cause: fault });
}

/** The next order, counted up like a number whose last digit turns fastest. */
function following(made: readonly Choice[]): readonly number[] | undefined {
  const last = made.findLastIndex(({ chosen, of }) => chosen + 1 < of);
  if (last < 0) return undefined;
  return made.slice(0, last + 1).map(({ chosen }, at) => (at === last ? chosen + 1 : chosen));
}
