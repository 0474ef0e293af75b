/**
 * MongoDB's wire protocol: from bytes to messages and back. OP_MSG, and the one OP_QUERY that
 * drivers greet an unknown server with. What a message asks for is not looked at here.
 */
import { decode } from './decode.ts';
import type { Doc, Value } from './document.ts';
import { MalformedInput } from './errors.ts';

const mostBytes = 48_000_000;
const headerBytes = 16;

const opReply = 1;
const opQuery = 2004;
const opMsg = 2013;

const checksumPresent = 1;
const moreToCome = 2;
/** Of the lower sixteen flags a server must understand every one that is set. */
const requiredFlags = 0xffff;

export interface Message {
  readonly requestId: number;
  /** Reads the command; throws CommandError for types that are not kept, MalformedInput for no BSON. */
  readonly read: () => Doc;
  /** False if the sender does not wait for an answer. */
  readonly answered: boolean;
  readonly isLegacy: boolean;
}

/** Collects bytes as they come, and returns the messages that are complete. */
export function createFraming(): (chunk: Buffer) => readonly Message[] {
  let chunks: Buffer[] = [];
  let size = 0;
  let wanted = headerBytes;

  return (chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    // Joining only when a message may be whole keeps a large one from being copied with every chunk.
    if (size < wanted) return [];
    let bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks, size);
    const messages: Message[] = [];
    for (wanted = lengthOf(bytes); bytes.length >= wanted; wanted = lengthOf(bytes)) {
      messages.push(readMessage(bytes.subarray(0, wanted)));
      bytes = bytes.subarray(wanted);
    }
    chunks = [bytes];
    size = bytes.length;
    return messages;
  };
}

function lengthOf(bytes: Buffer): number {
  if (bytes.length < headerBytes) return headerBytes;
  const length = bytes.readInt32LE(0);
  if (length <= headerBytes || length > mostBytes)
    throw new MalformedInput('message length out of bounds');
  return length;
}

function readMessage(bytes: Buffer): Message {
  const requestId = bytes.readInt32LE(4);
  const body = bytes.subarray(headerBytes);
  switch (bytes.readInt32LE(12)) {
    case opMsg:
      return { requestId, isLegacy: false, ...readMsg(body) };
    case opQuery:
      return { requestId, isLegacy: true, answered: true, read: () => readQuery(body) };
    default:
      throw new MalformedInput('unknown operation');
  }
}

function readMsg(body: Buffer): Pick<Message, 'answered' | 'read'> {
  if (body.length < 5) throw new MalformedInput('message too short');
  const flags = body.readUInt32LE(0);
  if ((flags & requiredFlags & ~(checksumPresent | moreToCome)) !== 0) {
    throw new MalformedInput('unknown flags');
  }
  const end = (flags & checksumPresent) === 0 ? body.length : body.length - 4;
  const sections = body.subarray(4, end);
  return { answered: (flags & moreToCome) === 0, read: () => readSections(sections) };
}

/** One section is the command; the others are lists of documents that belong to it. */
function readSections(bytes: Buffer): Doc {
  let command: Doc | undefined;
  const lists: (readonly [string, Value[]])[] = [];
  for (let at = 0; at < bytes.length;) {
    const kind = bytes.readUInt8(at);
    const section = slice(bytes, at + 1);
    if (kind === 1) lists.push(readList(section));
    else if (kind === 0 && command === undefined) command = decode(section);
    else throw new MalformedInput('unknown section');
    at += 1 + section.length;
  }
  if (command === undefined) throw new MalformedInput('a message without a command');
  for (const [name, documents] of lists) {
    if (command.has(name)) throw new MalformedInput(`field '${name}' twice`);
    command.set(name, documents);
  }
  return command;
}

/** What begins here with its own length. */
function slice(bytes: Buffer, at: number): Buffer {
  if (at + 4 > bytes.length) throw new MalformedInput('section cut off');
  const length = bytes.readInt32LE(at);
  if (length < 5 || at + length > bytes.length)
    throw new MalformedInput('section length out of bounds');
  return bytes.subarray(at, at + length);
}

function readList(section: Buffer): readonly [string, Value[]] {
  const end = section.indexOf(0, 4);
  if (end < 0) throw new MalformedInput('section without a name');
  const documents: Value[] = [];
  for (let at = end + 1; at < section.length;) {
    const bytes = slice(section, at);
    documents.push(decode(bytes));
    at += bytes.length;
  }
  return [section.toString('utf8', 4, end), documents];
}

function readQuery(body: Buffer): Doc {
  const end = body.indexOf(0, 4);
  if (end < 0) throw new MalformedInput('query without a collection');
  const [database = '', name] = body.toString('utf8', 4, end).split('.');
  const command = decode(slice(body, end + 9));
  const [first] = command.keys();
  if (name !== '$cmd' || !['hello', 'ismaster', 'isMaster'].includes(first ?? '')) {
    throw new MalformedInput('OP_QUERY is for the handshake only');
  }
  return command.set('$db', database);
}

/** The answer to a message, around an encoded document, in the form its sender understands. */
export function writeReply(
  { requestId, isLegacy }: Pick<Message, 'requestId' | 'isLegacy'>,
  document: Buffer,
): Buffer {
  const prefix = Buffer.alloc(isLegacy ? headerBytes + 20 : headerBytes + 5);
  prefix.writeInt32LE(prefix.length + document.length, 0);
  prefix.writeInt32LE(requestId, 8);
  prefix.writeInt32LE(isLegacy ? opReply : opMsg, 12);
  // An OP_REPLY counts its documents; all else, of both kinds, is zero.
  if (isLegacy) prefix.writeInt32LE(1, headerBytes + 16);
  return Buffer.concat([prefix, document]);
}
