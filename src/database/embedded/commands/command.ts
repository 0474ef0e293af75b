/**
 * A command as it arrives, and reading its options. An option that a command does not list is
 * refused by name, because an ignored one could change what the answer means.
 */
import { numberOf, typeName } from '../document.ts';
import type { Doc, Value } from '../document.ts';
import type { Engine } from '../engine/engine.ts';
import { badValue, CommandError, unsupported } from '../errors.ts';

export interface Command {
  readonly name: string;
  readonly database: string;
  readonly body: Doc;
}

/** A document, or one that is encoded already. */
export type Reply = Readonly<Record<string, unknown>> | Buffer;

export interface Handler {
  /** Options it understands, besides those that every command takes. */
  readonly options: readonly string[];
  run(engine: Engine, command: Command): Reply;
}

/** Options of any command that this server fulfils, or that mean nothing to a single server. */
const general = new Set([
  '$db',
  '$readPreference',
  '$clusterTime',
  'lsid',
  'comment',
  'maxTimeMS',
  'writeConcern',
  'readConcern',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
]);

const ofTransactions = new Set(['txnNumber', 'startTransaction', 'autocommit']);

const readConcerns = new Set(['local', 'available', 'majority', 'linearizable']);

export function checkOptions({ name, body }: Command, known: readonly string[]): void {
  for (const option of body.keys()) {
    if (option === name || general.has(option) || known.includes(option)) continue;
    if (ofTransactions.has(option)) {
      throw new CommandError(
        20,
        'Transaction numbers are only allowed on a replica set member or mongos',
      );
    }
    throw new CommandError(40415, `BSON field '${name}.${option}' is an unknown field.`);
  }
  const concern = body.get('readConcern');
  const level = concern instanceof Map ? concern.get('level') : undefined;
  if (level !== undefined && !(typeof level === 'string' && readConcerns.has(level)))
    throw unsupported('This read concern');
}

function wrongType(option: string, value: Value, expected: string): CommandError {
  return new CommandError(
    14,
    `BSON field '${option}' is the wrong type '${typeName(value)}', expected type '${expected}'`,
  );
}

export function readDoc(body: Doc, option: string): Doc | undefined {
  const value = body.get(option);
  if (value === undefined || value === null || value instanceof Map) return value ?? undefined;
  throw wrongType(option, value, 'object');
}

/** An option that means the same left out as empty. */
export const readDocOrEmpty = (body: Doc, option: string): Doc =>
  readDoc(body, option) ?? new Map<string, Value>();

export function readDocs(body: Doc, option: string): readonly Doc[] {
  const value = body.get(option) ?? [];
  if (!Array.isArray(value)) throw wrongType(option, value, 'array');
  return value.map((item) => {
    if (item instanceof Map) return item;
    throw wrongType(option, item, 'object');
  });
}

export function readText(body: Doc, option: string): string {
  const value = body.get(option) ?? null;
  if (typeof value === 'string') return value;
  throw wrongType(option, value, 'string');
}

/** A whole number that is not negative. */
export function readCount(body: Doc, option: string): number | undefined {
  const value = body.get(option);
  if (value === undefined || value === null) return undefined;
  const number = numberOf(value);
  if (number === undefined) throw wrongType(option, value, 'long');
  if (!Number.isInteger(number) || number < 0) {
    throw badValue(`BSON field '${option}' value must be >= 0, actual value '${number}'`);
  }
  return number;
}

export function readFlag(body: Doc, option: string, otherwise = false): boolean {
  const value = body.get(option) ?? otherwise;
  if (typeof value === 'boolean') return value;
  const number = numberOf(value);
  if (number === undefined) throw wrongType(option, value, 'bool');
  return number !== 0;
}

/** The only hint there is: look at every document. */
export function readNatural(body: Doc): boolean {
  const hint = body.get('hint');
  if (hint === undefined || (hint instanceof Map && hint.size === 0)) return false;
  if (hint instanceof Map && hint.has('$natural')) return true;
  throw unsupported('A hint other than $natural');
}
