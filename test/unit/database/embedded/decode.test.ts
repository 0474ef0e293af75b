import { Binary, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, serialize } from 'bson';
import { expect } from 'chai';

import { decode } from '../../../../src/database/embedded/decode.ts';
import { encode } from '../../../../src/database/embedded/document.ts';
import { CommandError, MalformedInput } from '../../../../src/database/embedded/errors.ts';
import { randomNumbers, toDoc } from './engine-kit.ts';

const everything = Buffer.from(
  serialize({
    int: new Int32(1),
    long: Long.fromString('-9223372036854775808'),
    double: new Double(1),
    nan: NaN,
    text: 'Grüße 😀 \0 end',
    empty: '',
    yes: true,
    no: false,
    nothing: null,
    at: new Date(-1),
    id: new ObjectId(),
    bytes: new Binary(Buffer.from([0xff, 0xfe]), 5),
    min: new MinKey(),
    max: new MaxKey(),
    list: [1, [2, { a: [] }], {}],
    nested: { '': 1, 'ä.b': { c: 'd' } },
  }),
);

describe('decoding', () => {
  it('returns, encoded again, the same bytes', () => {
    expect(encode(decode(everything))).to.deep.equal(everything);
  });

  it('keeps the types of numbers', () => {
    const doc = decode(everything);
    expect(doc.get('int')).to.be.instanceOf(Int32);
    expect(doc.get('long')).to.be.instanceOf(Long);
    expect(doc.get('double')).to.be.instanceOf(Double);
  });

  it('refuses every document that is cut off or longer than it says', () => {
    for (let length = 0; length < everything.length; length++) {
      const cut = Buffer.from(everything.subarray(0, length));
      expect(() => decode(cut), `${length} bytes`).to.throw(MalformedInput);
      if (length < 5) continue;
      cut.writeInt32LE(length);
      expect(() => decode(cut), `${length} bytes, admitted`).to.throw();
    }
    expect(() => decode(Buffer.concat([everything, Buffer.from([0])]))).to.throw(MalformedInput);
  });

  it('survives any bytes: a document or a refusal, nothing else', () => {
    const random = randomNumbers(1);
    for (let round = 0; round < 5000; round++) {
      const bytes = Buffer.from(everything);
      for (let flips = 0; flips <= random(4); flips++) bytes[random(bytes.length)] = random(256);
      try {
        decode(bytes);
      } catch (error) {
        const isRefusal = error instanceof MalformedInput || error instanceof CommandError;
        expect(isRefusal, String(error)).to.equal(true);
      }
    }
  });

  it('refuses the name __proto__, at any depth', () => {
    const bytes = Buffer.from(serialize({ a: [{ x_proto_x: 1 }] }));
    bytes.write('__proto__', bytes.indexOf('x_proto_x'));
    expect(() => decode(bytes)).to.throw(CommandError, /__proto__/);
  });

  it('refuses a field that is there twice', () => {
    const bytes = Buffer.from(serialize({ ab: 1, ac: 2 }));
    bytes.write('ab', bytes.indexOf('ac'));
    expect(() => decode(bytes)).to.throw(MalformedInput, /twice/);
  });

  it('refuses text that is not UTF-8, which could not be told from other such text', () => {
    const bytes = Buffer.from(serialize({ a: 'xyz' }));
    bytes[bytes.indexOf('xyz')] = 0xff;
    expect(() => decode(bytes)).to.throw(MalformedInput, /UTF-8/);
    expect(toDoc({ a: '\ufffd' }).get('a')).to.equal('\ufffd');
  });

  it('refuses documents nested without end', () => {
    let doc = {};
    for (let depth = 0; depth < 150; depth++) doc = { doc };
    expect(() => toDoc(doc)).to.throw(MalformedInput, /deep/);
  });

  it('refuses by name the types that are not kept', () => {
    expect(() => toDoc({ a: Decimal128.fromString('1') })).to.throw(CommandError, /decimal/);
    expect(() => toDoc({ a: /x/ })).to.throw(CommandError, /regex/);
  });
});
