/**
 * Makes a request wrong by chance: values, names, methods, paths, cookies, headers, bodies and
 * single bytes. The same seed makes the same mistakes.
 */
import { gzipSync } from 'node:zlib';

import fc from 'fast-check';

import { deep, headers, JSON_TYPE, methods, names, segments, values } from './odd-input.ts';
import { type Draft, formText, type Pairs } from './raw-requests.ts';

type Mutation = (draft: Draft) => Draft;

/** One of many, by a number that was drawn before their count was known. */
const at = (list: readonly unknown[], index: number): number => index % Math.max(1, list.length);

function onPairs(change: (pairs: Pairs, index: number) => Pairs, index: number): Mutation {
  return (draft) => {
    if (Array.isArray(draft.body)) return { ...draft, body: change(draft.body as Pairs, index) };
    return { ...draft, query: change(draft.query, index) };
  };
}

const parameters: fc.Arbitrary<Mutation> = fc
  .tuple(fc.constantFrom('replace', 'rename', 'drop', 'double', 'add'), fc.nat(), names, values)
  .map(([what, index, name, value]) =>
    onPairs((pairs, n) => {
      const place = at(pairs, n);
      const [old = [name, value] as const] = pairs.slice(place);
      if (what === 'add') return [...pairs, [name, value]];
      if (what === 'drop') return pairs.toSpliced(place, 1);
      if (what === 'double') return [...pairs, [old[0], value]];
      const made = what === 'replace' ? ([old[0], value] as const) : ([name, old[1]] as const);
      return pairs.length === 0 ? [made] : pairs.with(place, made);
    }, index),
  );

const cookies: fc.Arbitrary<Mutation> = fc
  .tuple(fc.constantFrom('flip', 'replace', 'drop', 'double', 'rename'), fc.nat(), fc.nat(), values)
  .map(([what, index, sign, value]) => (draft) => {
    const place = at(draft.cookies, index);
    const old = draft.cookies[place];
    if (!old) return { ...draft, cookies: [['session', value]] };
    const [name, kept] = old;
    const flipped = `${kept.slice(0, sign % (kept.length + 1))}~${kept.slice((sign % (kept.length + 1)) + 1)}`;
    const made: Readonly<Record<typeof what, Pairs>> = {
      flip: draft.cookies.with(place, [name, flipped]),
      replace: draft.cookies.with(place, [name, value]),
      drop: draft.cookies.toSpliced(place, 1),
      double: [...draft.cookies, [name, value]],
      rename: draft.cookies.with(place, [value, kept]),
    };
    return { ...draft, cookies: made[what] };
  });

const paths: fc.Arbitrary<Mutation> = fc
  .tuple(
    fc.constantFrom('replace', 'append', 'insert', 'escape', 'case', 'slash'),
    fc.nat(),
    segments,
  )
  .map(([what, index, segment]) => (draft) => {
    const parts = draft.path.split('/').slice(draft.path.startsWith('/') ? 1 : 0);
    const place = at(parts, index);
    const sign = draft.path.charCodeAt(at(Array.from(draft.path), index));
    const made: Readonly<Record<typeof what, string>> = {
      replace: `/${parts.with(place, segment).join('/')}`,
      append: `${draft.path}/${segment}`,
      insert: `/${parts.toSpliced(place, 0, segment).join('/')}`,
      escape: draft.path.replace(String.fromCharCode(sign), `%${sign.toString(16)}`),
      case: draft.path.toUpperCase(),
      slash: draft.path.replaceAll('/', '//'),
    };
    return { ...draft, path: made[what] };
  });

const bodies: fc.Arbitrary<Mutation> = fc
  .tuple(
    fc.constantFrom('json', 'nested', 'zipped', 'chunked', 'multipart', 'bytes', 'none'),
    fc.uint8Array(),
  )
  .map(([what, bytes]) => (draft) => {
    const fields = Array.isArray(draft.body) ? (draft.body as Pairs) : [];
    const text = formText(fields);
    const as = (body: string | Buffer, ...more: Pairs): Draft => ({
      ...draft,
      ...{ body, headers: [...draft.headers, ...more] },
    });
    const type = (name: string) => ['content-type', name] as const;
    switch (what) {
      case 'json':
        return as(JSON.stringify(Object.fromEntries(fields)), type(JSON_TYPE));
      case 'nested':
        return as(
          `{"__proto__":{"polluted":1},"code":{"$gt":""},"x":${deep(100)}}`,
          type(JSON_TYPE),
        );
      case 'zipped':
        return as(gzipSync(text), ['content-encoding', 'gzip']);
      case 'chunked':
        return as(`${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`, [
          'transfer-encoding',
          'chunked',
        ]);
      case 'multipart':
        return as(
          '--x\r\ncontent-disposition: form-data; name="code"\r\n\r\n1\r\n--x--',
          type('multipart/form-data; boundary=x'),
        );
      case 'bytes':
        return as(Buffer.from(bytes));
      case 'none':
        return { ...draft, body: '' };
    }
  });

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  { weight: 12, arbitrary: parameters },
  { weight: 3, arbitrary: cookies },
  { weight: 2, arbitrary: paths },
  { weight: 2, arbitrary: bodies },
  {
    weight: 3,
    arbitrary: headers.map((header): Mutation => (draft) => ({
      ...draft,
      headers: [...draft.headers, header],
    })),
  },
  { weight: 1, arbitrary: methods.map((method): Mutation => (draft) => ({ ...draft, method })) },
);

/** What was drawn: which request, what is done to it, and which of its bytes is another. */
export interface Mistake {
  readonly which: number;
  readonly mutations: readonly Mutation[];
  readonly byte?: { readonly at: number; readonly is: number };
}

const mistake: fc.Arbitrary<Mistake> = fc
  .record({
    which: fc.nat(),
    mutations: fc.array(mutation, { minLength: 1, maxLength: 3 }),
    byte: fc.oneof(
      { weight: 15, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.record({ at: fc.nat(), is: fc.integer({ min: 0, max: 255 }) }) },
    ),
  })
  .map(({ byte, ...rest }) => ({ ...rest, ...(byte && { byte }) }));

export const mistakes = (count: number, seed: number): readonly Mistake[] =>
  fc.sample(mistake, { numRuns: count, seed });

export const mutated = (draft: Draft, { mutations }: Mistake): Draft =>
  mutations.reduce((made, change) => change(made), draft);

export function flipped(bytes: Buffer, { byte }: Mistake): Buffer {
  if (byte) bytes.writeUInt8(byte.is, byte.at % bytes.length);
  return bytes;
}
