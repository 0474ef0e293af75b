/**
 * The table of all commands, and running one. A command that is not in it is refused by name.
 */
import type { Doc } from '../document.ts';
import { badValue, CommandError } from '../errors.ts';
import type { Engine } from '../engine/engine.ts';
import { aggregating } from './aggregate.ts';
import { collections } from './collections.ts';
import { checkOptions, readCount } from './command.ts';
import type { Handler, Reply } from './command.ts';
import { explaining } from './explain.ts';
import { findingAndModifying } from './find-and-modify.ts';
import { handshake } from './handshake.ts';
import { indexes } from './indexes.ts';
import { reading } from './read.ts';
import { writing } from './write.ts';

const handlers: ReadonlyMap<string, Handler> = new Map(
  [
    handshake,
    reading,
    writing,
    findingAndModifying,
    aggregating,
    collections,
    indexes,
    explaining,
  ].flatMap((family) => Object.entries(family)),
);

/** Whether running it may change what is stored. */
export function writes(body: Doc): boolean {
  const [name = ''] = body.keys();
  return handlers.get(name)?.writes === true;
}

/** Throws CommandError for what is refused. */
export function runCommand(engine: Engine, body: Doc): Reply {
  const [name] = body.keys();
  if (name === undefined) throw badValue('a command needs a name');
  const handler = handlers.get(name);
  if (handler === undefined) throw new CommandError(59, `no such command: '${name}'`);
  const database = body.get('$db');
  if (typeof database !== 'string') throw badValue("OP_MSG requests require a '$db' argument");
  const command = { name, database, body, maxTimeMs: readMaxTime(body) };
  checkOptions(command, handler.options);
  engine.stopwatch.restart();
  return handler.run(engine, command);
}

/** Each command that goes on with a cursor has the whole of its time again. */
function readMaxTime(body: Doc): number {
  const milliseconds = readCount(body, 'maxTimeMS') ?? 0;
  return milliseconds === 0 ? Infinity : milliseconds;
}
