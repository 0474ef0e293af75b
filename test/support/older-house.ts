/**
 * A house of today on what an older commit stored, at the time when it did. The files in
 * test/fixtures were written by those commits themselves: a line for each document, after one
 * that says what people and apps held then.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { EJSON } from 'bson';

import { clock } from './clock.ts';
import { type House, openHouse, type Overrides } from './house.ts';
import { people, type PersonName } from './people.ts';
import { createVisitor, type Visitor } from './visitor.ts';

/** A browser, and the page that it was on. */
interface Left {
  readonly cookies: readonly string[];
  readonly at: string;
}

export interface Story {
  /** When all of it was stored. */
  readonly at: string;
  readonly secrets: object;
  /** Bob is signed in. */
  readonly session: Omit<Left, 'at'> & {
    readonly refreshToken: string;
    readonly accessToken: string;
  };
  /** Ada was texted this code, and has typed a wrong one. */
  readonly half: Left & { readonly code: string };
  /** Dan's phone is asked for this number. */
  readonly request: Left & { readonly number: string };
  /** Cleo is adding an app, with this secret in it. */
  readonly enrolment: Left & { readonly secret: string };
  /** Bob waits for this text, which no carrier took. */
  readonly pending: Left & { readonly text: { readonly messageId: string; readonly text: string } };
}

type Documents = Readonly<Record<string, readonly object[]>>;

export async function openOlderHouse(commit: string, overrides: Overrides) {
  const { story, documents } = await read(commit);
  const back = (): void => {
    clock.offsetMilliseconds += new Date(story.at).getTime() - Date.now();
  };
  back();
  const house = await openHouse({ ...overrides, secrets: story.secrets });

  return {
    house,
    story,
    /** Everything is as it was then. */
    async restore(): Promise<void> {
      back();
      await fill(house, documents);
    },
    async returns(name: PersonName, { cookies, at }: Left): Promise<Visitor> {
      const visitor = createVisitor(house.issuer, people[name]);
      for (const cookie of cookies) await visitor.jar.setCookie(cookie, house.issuer);
      await visitor.opens(at);
      return visitor;
    },
  };
}

async function read(commit: string): Promise<{ story: Story; documents: Documents }> {
  const file = join(import.meta.dirname, '../fixtures', `${commit}.jsonl`);
  const [first = '', ...lines] = (await readFile(file, 'utf8')).trim().split('\n');
  const { story } = JSON.parse(first) as { story: Story }; // written by that commit
  const stored = lines.flatMap((line) => Object.entries(EJSON.parse(line) as object));
  const documents = Object.groupBy(stored, ([collection]) => collection);
  return {
    story,
    documents: Object.fromEntries(
      Object.entries(documents).map(([name, all = []]) => [
        name,
        all.map(([, one]) => one as object),
      ]),
    ),
  };
}

async function fill({ connection }: House, documents: Documents): Promise<void> {
  const models = Object.values(connection.models).map(({ collection }) => collection.name);
  for (const name of new Set([...models, ...Object.keys(documents)])) {
    const collection = connection.collection(name);
    await collection.deleteMany({});
    const stored = documents[name] ?? [];
    if (stored.length > 0) await collection.insertMany([...stored]);
  }
}
