/**
 * Read and write concerns, as far as one server that answers after fsync(2) can promise them: it
 * has no other member that could have lost, or could lack, what was acknowledged.
 */
import { numberOf } from '../document.ts';
import type { Doc, Value } from '../document.ts';
import { badValue, CommandError, unsupported } from '../errors.ts';

const levels = new Set<Value>(['local', 'available', 'majority', 'linearizable']);

/** Throws for a concern that asks for more than there is, or for what it does not name. */
export function checkConcerns(body: Doc): void {
  const read = fieldsOf(body, 'readConcern', ['level']);
  if (!levels.has(read.get('level') ?? 'local')) throw unsupported('This read concern');
  const write = fieldsOf(body, 'writeConcern', ['w', 'j', 'fsync', 'wtimeout']);
  if (!isOneServer(write.get('w') ?? 'majority')) {
    throw badValue("cannot use 'w' > 1 when a host is not replicated");
  }
}

/** With `w: 0` nobody waits for the answer; it is written to disk all the same. */
const isOneServer = (w: Value): boolean =>
  w === 'majority' || numberOf(w) === 1 || numberOf(w) === 0;

function fieldsOf(body: Doc, option: string, known: readonly string[]): Doc {
  const concern = body.get(option) ?? new Map<string, Value>();
  if (!(concern instanceof Map)) throw new CommandError(14, `'${option}' must be an object`);
  const unknown = [...concern.keys()].find((field) => !known.includes(field));
  if (unknown === undefined) return concern;
  throw new CommandError(40415, `BSON field '${option}.${unknown}' is an unknown field.`);
}
