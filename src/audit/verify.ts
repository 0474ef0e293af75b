/**
 * Reads the whole chain and says what somebody did to it: a record edited, removed, put in
 * another's place, or the newest ones cut off. Says nothing where nothing is wrong.
 */
import type { Crypt } from '../lib/crypt.ts';
import type { AuditHead, AuditRecord, AuditRecords } from '../models/audit-record.ts';
import { contentOf, HASH, HEAD, headText } from './chain.ts';

export interface Verified {
  readonly records: number;
  readonly events: number;
  /** The newest record: whoever writes it down can hold the chain to it later. */
  readonly head: string;
  readonly flaws: readonly string[];
}

export interface VerifyDeps {
  readonly records: Pick<AuditRecords, 'inOrder' | 'head'>;
  readonly crypt: Pick<Crypt, 'matches'>;
}

export interface Mark {
  readonly seq: number;
  readonly hash: string;
}

/** `seen` is a head from elsewhere: `<number>.<hash>`, as the log and this function say it. */
export async function verifyChain(deps: VerifyDeps, seen?: Mark): Promise<Verified> {
  const { records, crypt } = deps;
  // Before the records: one that is added meanwhile must not look cut off.
  const head = await records.head();
  const flaws: string[] = [];
  const marks = marksOf({ head, seen, crypt }, flaws);
  let last: AuditRecord | undefined;
  let [read, events] = [0, 0];
  for await (const record of records.inOrder()) {
    flaws.push(...flawsOf(record, last, crypt), ...missed(record, marks));
    last = record;
    read += 1;
    events += Array.isArray(record.events) ? record.events.length : 0;
  }
  const end = last?._id ?? 0;
  if (!head && last) flaws.push('The head is missing: what was cut off would not be seen.');
  for (const { seq } of marks) {
    if (seq > end) flaws.push(`${some(end + 1, seq)} cut off: there was a record ${seq}.`);
  }
  return {
    records: read,
    events,
    head: last ? headText({ seq: end, hash: last.hash }) : '',
    flaws,
  };
}

interface Known {
  readonly head: AuditHead | undefined;
  readonly seen: Mark | undefined;
  readonly crypt: VerifyDeps['crypt'];
}

function marksOf({ head, seen, crypt }: Known, flaws: string[]): Mark[] {
  const isOurs = head && isMade({ text: headText(head), context: HEAD, hash: head.seal }, crypt);
  if (head && !isOurs) flaws.push('The head was edited.');
  return [...(head && isOurs ? [head] : []), ...(seen ? [seen] : [])];
}

function flawsOf(
  record: AuditRecord,
  last: AuditRecord | undefined,
  crypt: VerifyDeps['crypt'],
): string[] {
  const expected = (last?._id ?? 0) + 1;
  if (record._id !== expected) {
    const isGap = Number.isInteger(record._id) && record._id > expected;
    if (!isGap) return [`Record ${record._id} was inserted.`];
    return [`${some(expected, record._id - 1)} removed.`, ...edited(record, crypt)];
  }
  const flaws = edited(record, crypt);
  if (flaws.length > 0 || record.previous === (last?.hash ?? '')) return flaws;
  return [`Record ${record._id} does not follow record ${record._id - 1}.`];
}

function edited(record: AuditRecord, crypt: VerifyDeps['crypt']): string[] {
  const isOurs = isMade({ text: contentOf(record), context: HASH, hash: record.hash }, crypt);
  return isOurs ? [] : [`Record ${record._id} was edited.`];
}

interface Hashed {
  readonly text: string;
  readonly context: string;
  /** Whoever edits a database need not keep to our types. */
  readonly hash: unknown;
}

const isMade = ({ text, context, hash }: Hashed, crypt: VerifyDeps['crypt']): boolean =>
  typeof hash === 'string' && crypt.matches(text, context, hash);

/** A record that was rewritten together with all that follow it still is not the one seen. */
function missed(record: AuditRecord, marks: readonly Mark[]): string[] {
  const isOther = marks.some(({ seq, hash }) => seq === record._id && hash !== record.hash);
  return isOther ? [`Record ${record._id} is not the one that was there.`] : [];
}

const some = (from: number, to: number): string =>
  from === to ? `Record ${from} was` : `Records ${from} to ${to} were`;
