/**
 * What a no means: at a sign-in somebody else knows the password, while a reset may have been
 * begun by anybody. The method asks a device and takes its word.
 */
import { expect } from 'chai';
import { z } from 'zod';

import type { MethodId } from '../../../../src/methods/index.ts';
import { defineMethod, failed, passed } from '../../../../src/methods/method.ts';
import { openMethod } from '../../../../src/methods/open.ts';
import { deniedByItsOwner } from '../../../../src/methods/out-of-band.ts';
import type { AuditEvent } from '../../../../src/models/audit-event.ts';
import type { Flow } from '../../../../src/models/flow.ts';
import { createDoor } from '../../../../src/verification/door.ts';
import { createPorts } from '../../methods/ports.ts';
import { openWorld } from '../memory-door.ts';
import { ada, from, signIn } from '../memory-people.ts';
import { here } from '../rate-limits/counting.ts';

const nod = defineMethod({
  credential: { id: 'nodder', stored: z.object({}), most: 5, hint: () => undefined },
  factor: 'possession',
  amr: ['pop'],
  purposes: ['sign-in', 'reset'],
  outOfBand: {
    answeredBy: 'device',
    countsRequests: true,
    isDenial: ({ says }) => says === 'no',
    onDenied: deniedByItsOwner,
  },
  sends: true,
  rank: 5,
  settings: z.strictObject({}),
  memo: z.object({}),
  answer: z.object({ says: z.enum(['yes', 'no']) }),
  create: () => ({
    begin: async () => ({ memo: {}, page: {}, validForSeconds: 120, isAskedOnce: true }),
    verify: async ({ answer }) => (answer.says === 'no' ? failed('denied') : passed),
  }),
});

const id = 'nod' as MethodId; // of no method that there is
const nodder = { id: 'n', kind: 'nodder', data: {}, version: 0, addedAt: new Date(0) };
const holder = { ...ada, credentials: [...ada.credentials, nodder] };

async function asked(...purposes: readonly ('sign-in' | 'reset')[]) {
  const flows = purposes.map((purpose) => signIn(undefined, { _id: purpose }));
  const world = await openWorld(holder, ...flows);
  const recorded: AuditEvent[] = [];
  const audit = {
    ...world.deps.audit,
    record: async (events: readonly AuditEvent[]) => void recorded.push(...events),
  };
  const methods = new Map([
    ...world.deps.methods,
    [id, openMethod(id, nod, {}, createPorts().ports)],
  ]);
  const door = createDoor({ ...world.deps, audit, methods });
  for (const flow of flows) {
    await door.begin(flow, {
      ...{ account: await world.ada(), choice: { method: 'nod', credential: 'n' }, client: 'Shop' },
      ...{ purpose: flow._id === 'reset' ? 'reset' : 'sign-in', locale: 'en', from },
      facts: flow.facts,
    });
  }
  const find = (uid: string): Promise<Flow> => world.flow(uid);
  const says = async (uid: string, word: 'yes' | 'no') => {
    const { challenge } = await find(uid);
    const answer = { credential: 'n', challenge: challenge?.id ?? '', form: { says: word } };
    return door.answerOutOfBand({ ...answer, place: here, from });
  };
  return { ada: () => world.ada(), find, says, recorded };
}

const timesOf = async ({ ada }: Awaited<ReturnType<typeof asked>>, key: string) =>
  (await ada()).attempts.tallies[key]?.times.length ?? 0;

describe('A no from a device', () => {
  it('at a sign-in has the password changed, and ends all that waits there', async () => {
    const story = await asked('sign-in', 'reset');
    expect(await story.says('sign-in', 'no')).to.equal('denied');
    expect((await story.ada()).passwordChangeDueAt).to.be.an.instanceOf(Date);
    expect((await story.find('sign-in')).facts.denied).to.equal(true);
    expect((await story.find('reset')).facts.denied).to.equal(true);
  });

  it('in a reset ends the reset alone, and leaves password and sign-in as they are', async () => {
    const story = await asked('sign-in', 'reset');
    const before = await timesOf(story, 'approvals');
    expect(await story.says('reset', 'no')).to.equal('denied');
    expect(await story.ada()).not.to.have.property('passwordChangeDueAt');
    expect((await story.find('reset')).facts.denied).to.equal(true);
    expect((await story.find('sign-in')).facts.denied).to.equal(undefined);
    expect(await timesOf(story, 'approvals'), 'the sign-in’s budget').to.equal(before);
    expect(await timesOf(story, 'reset:approvals'), 'left in peace').to.be.at.least(3);
    expect(story.recorded.map(({ name }) => name)).to.deep.equal(['approval.denied']);
    expect(await story.says('sign-in', 'yes')).to.equal('passed');
  });
});
