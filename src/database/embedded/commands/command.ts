/**
 * A command as it arrives, and reading its options. An option that a command does not list is
 * refused by name, because an ignored one could change what the answer means.
 */
import { numberOf, typeName } from '../document.ts';
import type { Doc, Value } from '../document.ts';
import type { Engine } from '../engine/engine.ts';
import { badValue, CommandError, unsupported } from '../errors.ts';
import { checkConcerns } from './concerns.ts';

export interface Command {
  readonly name: string;
  readonly database: string;
  readonly body: Doc;
  /** How long it may look for documents; Infinity if it names no limit. */
  readonly maxTimeMs: number;
}

/** A document, or one that is encoded already. */
export type Reply = Readonly<Record<string, unknown>> | Buffer;

export interface Handler {
  /** Options it understands, besides those that every command takes. */
  readonly options: readonly string[];
  /** Whether it may change what is stored. */
  readonly writes?: true;
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
]);

const ofTransactions = new Set(['txnNumber', 'startTransaction', 'autocommit']);

export function checkOptions({ name, body }: Command, known: readonly string[]): void {
  for (const option of body.keys()) {
    if (option === name || general.has(option) || known.includes(option)) continue;
    throw ofTransactions.has(option) ? notReplicated() : unknownField(name, option);
  }
  checkConcerns(body);
}

/** Of a document within a command; the options of commands are not its own. */
export function refuseUnknown(where: string, doc: Doc, known: readonly string[]): void {
  const unknown = [...doc.keys()].find((field) => !known.includes(field));
  if (unknown !== undefined) throw unknownField(where, unknown);
}

const unknownField = (where: string, field: string): CommandError =>
  new CommandError(40415, `BSON field '${where}.${field}' is an unknown field.`);

const notReplicated = (): CommandError =>
  new CommandError(20, 'Transaction numbers are only allowed on a replica set member or mongos');

const missing = (where: string): CommandError =>
  new CommandError(40414, `BSON field '${where}' is missing but a required field`);

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

/** Of a statement's filter: to be left out by mistake must not mean everything. */
export function readRequiredDoc(body: Doc, option: string): Doc {
  const doc = readDoc(body, option);
  if (doc === undefined) throw missing(option);
  return doc;
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

/** The only hint there is: look at every document, in the order they lie. */
export function readNatural(body: Doc): boolean {
  const hint = body.get('hint');
  if (hint === undefined || (hint instanceof Map && hint.size === 0)) return false;
  if (hint instanceof Map && hint.size === 1 && numberOf(hint.get('$natural')) === 1) return true;
  throw unsupported('A hint other than { $natural: 1 }');
}

/** How many documents the first answer shall hold, in a command's `cursor`. */
export function readBatchSize(body: Doc): number | undefined {
  const cursor = readDocOrEmpty(body, 'cursor');
  refuseUnknown('cursor', cursor, ['batchSize']);
  return readCount(cursor, 'batchSize');
}
