/**
 * The connection is cut after the database did what it was asked for, and before it could say so
 * at the writes of a sign-in by turns. People see that it worked or are asked to try
 * again, and trying again brings them on, with every effect once. The same where the database's
 * disk is full from one of these writes on, until somebody was told. FAULTS=all tries every write.
 */
import { expect } from 'chai';

import { uidOf } from '../support/at-each-step.ts';
import { clock } from '../support/clock.ts';
import { fullDisks } from '../support/full-disks.ts';
import { type House, openHouse } from '../support/house.ts';
import { type Fate, type Line, openLine } from '../support/faulty-connection.ts';
import { people } from '../support/people.ts';
import type { Visitor } from '../support/visitor.ts';

/** More than anybody needs who tries again after one fault. */
const MOST_STEPS = 14;
/** The driver asks again for what it reads, and nobody notices. */
const reads = new Set(['find', 'aggregate', 'getMore']);
const EVERY = process.env.FAULTS === 'all' ? 1 : 4;

type Name = 'ada' | 'bob';

describe('A connection that is cut at a bad moment', () => {
  let house: House;
  let line: Line;
  let makesRoom = (): void => undefined;
  before(async () => {
    house = await openHouse(
      {},
      { inProcesses: true, databaseBy: async (own) => (line = await openLine(own)).uri },
    );
  });
  after(async () => {
    line.decide();
    await house.close();
    line.close();
  });

  /** What a person does on each page that a sign-in may show. */
  const acts: Readonly<Record<string, (visitor: Visitor, name: Name) => Promise<void>>> = {
    'sign-in/identify': (visitor, name) => visitor.says({ identifier: name }),
    'sign-in/pick-account': (visitor, name) => visitor.says({ identifier: name }),
    'sign-in/begin': (visitor) => visitor.says({}),
    'sign-in/choose': (visitor, name) => visitor.says({ method: name === 'ada' ? 'code' : 'text' }),
    'sign-in/continue': (visitor) => visitor.says({}),
    'methods/password/answer': (visitor, name) => visitor.says({ password: people[name].password }),
    'methods/code/answer': async (visitor) => {
      const code = visitor.code();
      // The next time it is the next code, as on a real phone.
      clock.advance({ seconds: 30 });
      await visitor.says({ code });
    },
    'methods/text/answer': async (visitor) => {
      if (house.carrier.texts.length > 0) {
        await visitor.says({ code: house.carrier.lastCode(people.bob.phone) });
        return;
      }
      clock.advance({ seconds: 61 });
      await visitor.reloads();
      await visitor.presses('again');
    },
    problem: async (visitor) => {
      const what = `${visitor.status()} ${visitor.reads()}`;
      expect(visitor.status(), what).to.be.oneOf([410, 429, 503]);
      makesRoom();
      clock.advance({ seconds: Number(visitor.headers().get('retry-after') ?? 0) });
      const way = visitor.html().querySelector('main a')?.getAttribute('href') ?? '/';
      // "Go back to the app and sign in from there."
      if (visitor.status() === 410) await visitor.opens(await house.shop.signIn());
      else if (way !== '/') await visitor.opens(way);
      // By reload, or by the back button where a form had been sent.
      else await visitor.opens(visitor.at().href.replace(/(\/sign-in\/[\w-]+)\/.*/, '$1'));
    },
  };

  async function signsIn(name: Name): Promise<void> {
    clock.advance({ days: 2 });
    house.carrier.texts.length = 0;
    const visitor = house.visitor(name);
    await visitor.opens(await house.shop.signIn());
    const path: string[] = [];
    const begun = new Set<string>();
    while (!visitor.sees().startsWith('http') && path.length < MOST_STEPS) {
      path.push(visitor.sees());
      begun.add(uidOf(visitor));
      const act = acts[visitor.sees()];
      if (!act) throw new Error(`nothing to do on ${visitor.sees()}: ${visitor.reads()}`);
      await act(visitor, name);
    }
    line.decide();
    expect(visitor.sees(), path.join(', ')).to.match(/^http/);
    expect((await house.shop.claims(visitor.landed())).sub).to.equal(`id-${name}`);
    // Where the last step failed, people begin again, and are texted again.
    const texts = new Set(house.carrier.texts.map(({ text }) => text));
    expect(texts.size, path.join(', ')).to.be.at.most(begun.size);
  }

  /** Cuts the answer to the command at this place. */
  function cutAt(place: number): void {
    let seen = 0;
    line.decide((): Fate | undefined => (seen++ === place ? 'cut-after' : undefined));
  }

  /** Nothing is written from this place on, until there is room. */
  function fillAt(place: number): void {
    let seen = 0;
    line.decide((command) => (seen++ >= place ? fullDisks.MongoDB(command) : undefined));
    makesRoom = () => line.decide();
  }

  for (const [name, first, fails] of [
    ['ada', 1, cutAt],
    ['bob', 3, cutAt],
    ['ada', 2, fillAt],
    ['bob', 0, fillAt],
  ] as const) {
    const what = fails === cutAt ? 'all the same' : 'after a full disk';
    it(`lets ${name} sign in ${what}`, async function () {
      this.timeout(EVERY === 1 ? 300_000 : 120_000);
      const commands: string[] = [];
      line.decide((command) => {
        commands.push(command);
        return undefined;
      });
      await signsIn(name);
      const writes = [...commands.keys()].filter((place) => !reads.has(commands[place] ?? ''));
      expect(writes).to.have.length.above(10);
      for (const place of writes.filter((_place, turn) => turn % EVERY === first % EVERY)) {
        fails(place);
        await signsIn(name).catch((error: unknown) => {
          throw new Error(`failed at command ${place}, ${commands[place]}`, { cause: error });
        });
      }
    });
  }
});
