import { deserialize, serialize } from 'bson';
import type { Document } from 'bson';
import { expect } from 'chai';

import { MalformedInput } from '../../../../src/database/embedded/errors.ts';
import { createFraming, writeReply } from '../../../../src/database/embedded/wire.ts';
import { toObject } from './engine-kit.ts';

interface Parts {
  readonly opCode?: number;
  readonly flags?: number;
  readonly length?: number;
}

function frame(body: Buffer, requestId: number, { opCode = 2013, length }: Parts = {}): Buffer {
  const header = Buffer.alloc(16);
  header.writeInt32LE(length ?? 16 + body.length, 0);
  header.writeInt32LE(requestId, 4);
  header.writeInt32LE(opCode, 12);
  return Buffer.concat([header, body]);
}

const int = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
};

const command = (doc: Document): Buffer => Buffer.concat([Buffer.from([0]), serialize(doc)]);

function list(name: string, docs: readonly Document[]): Buffer {
  const body = Buffer.concat([Buffer.from(`${name}\0`), ...docs.map((doc) => serialize(doc))]);
  return Buffer.concat([Buffer.from([1]), int(body.length + 4), body]);
}

const message = (sections: readonly Buffer[], requestId = 1, parts: Parts = {}): Buffer =>
  frame(Buffer.concat([int(parts.flags ?? 0), ...sections]), requestId, parts);

const query = (collection: string, doc: Document): Buffer =>
  frame(
    Buffer.concat([int(0), Buffer.from(`${collection}\0`), int(0), int(-1), serialize(doc)]),
    3,
    { opCode: 2004 },
  );

const read = (bytes: Buffer) => createFraming()(bytes).map((one) => toObject(one.read()));

describe('framing', () => {
  const stream = Buffer.concat([
    message([command({ ping: 1, $db: 'a' })], 1),
    message([command({ insert: 'c', $db: 'a' }), list('documents', [{ x: 1 }, { x: 2 }])], 2),
    message([command({ ping: 1, $db: 'b' })], 3),
  ]);
  const commands = [
    { ping: 1, $db: 'a' },
    { insert: 'c', $db: 'a', documents: [{ x: 1 }, { x: 2 }] },
    { ping: 1, $db: 'b' },
  ];

  it('reads several messages that arrive at once', () => {
    expect(read(stream)).to.deep.equal(commands);
  });

  it('reads messages cut anywhere, into two pieces or into single bytes', () => {
    for (let cut = 0; cut <= stream.length; cut++) {
      const framing = createFraming();
      const messages = [...framing(stream.subarray(0, cut)), ...framing(stream.subarray(cut))];
      expect(
        messages.map((one) => one.requestId),
        `cut at ${cut}`,
      ).to.deep.equal([1, 2, 3]);
    }
    const framing = createFraming();
    const messages = [...stream].flatMap((byte) => framing(Buffer.from([byte])));
    expect(messages.map((one) => toObject(one.read()))).to.deep.equal(commands);
  });

  it('takes the list before the command, too', () => {
    const bytes = message([list('documents', [{ x: 1 }]), command({ insert: 'c', $db: 'a' })]);
    expect(read(bytes)).to.deep.equal([{ insert: 'c', $db: 'a', documents: [{ x: 1 }] }]);
  });

  it('tells which messages want no answer', () => {
    const [waiting] = createFraming()(message([command({ ping: 1 })]));
    const [silent] = createFraming()(message([command({ ping: 1 })], 1, { flags: 2 }));
    const [exhaust] = createFraming()(message([command({ ping: 1 })], 1, { flags: 1 << 16 }));
    expect([waiting, silent, exhaust].map((one) => one?.answered)).to.deep.equal([
      true,
      false,
      true,
    ]);
  });

  it('leaves out a checksum', () => {
    const bytes = message([command({ ping: 1 }), int(0x12345678)], 1, { flags: 1 });
    expect(read(bytes)).to.deep.equal([{ ping: 1 }]);
  });

  it('reads the old form of the handshake, and that only', () => {
    expect(read(query('admin.$cmd', { ismaster: 1 }))).to.deep.equal([
      { ismaster: 1, $db: 'admin' },
    ]);
    expect(() => read(query('admin.$cmd', { insert: 'c' }))).to.throw(MalformedInput);
    expect(() => read(query('app.users', { ismaster: 1 }))).to.throw(MalformedInput);
  });

  const malformed: Readonly<Record<string, Buffer>> = {
    'a length below the header’s': message([command({})], 1, { length: 15 }),
    'a negative length': message([command({})], 1, { length: -1 }),
    'a length beyond 48 MB': message([command({})], 1, { length: 48_000_001 }),
    'an unknown operation': message([command({})], 1, { opCode: 2012 }),
    'an unknown required flag': message([command({})], 1, { flags: 4 }),
    'no section': message([]),
    'no command': message([list('documents', [])]),
    'two commands': message([command({}), command({})]),
    'an unknown section': message([Buffer.from([2]), serialize({}) as Buffer]),
    'a list that is in the command, too': message([command({ a: 1 }), list('a', [])]),
    'a list without a name': message([command({}), Buffer.from([1]), int(8), int(-1)]),
    'a section cut off': message([command({}), Buffer.from([1]), int(100)]),
    'text instead of a protocol': Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'),
  };
  for (const [title, bytes] of Object.entries(malformed)) {
    it(`refuses ${title}`, () => {
      expect(() => read(bytes)).to.throw(MalformedInput);
    });
  }
});

describe('an answer', () => {
  it('is an OP_MSG that names the request', () => {
    const bytes = writeReply({ requestId: 77, isLegacy: false }, Buffer.from(serialize({ ok: 1 })));
    expect(bytes.readInt32LE(0)).to.equal(bytes.length);
    expect(bytes.readInt32LE(8)).to.equal(77);
    expect(bytes.readInt32LE(12)).to.equal(2013);
    expect(bytes.subarray(16, 21)).to.deep.equal(Buffer.alloc(5));
    expect(deserialize(bytes.subarray(21))).to.deep.equal({ ok: 1 });
  });

  it('is an OP_REPLY with one document for the old handshake', () => {
    const bytes = writeReply({ requestId: 77, isLegacy: true }, Buffer.from(serialize({ ok: 1 })));
    expect(bytes.readInt32LE(12)).to.equal(1);
    expect(bytes.readInt32LE(32)).to.equal(1);
    expect(deserialize(bytes.subarray(36))).to.deep.equal({ ok: 1 });
  });
});
