/**
 * The log: one line of JSON per event, on standard output. An event's name is in the past
 * tense (`challenge.begun`) and comes second: log.info({ accountId }, 'challenge.begun').
 * Ids, not objects; what is called like a secret prints as [secret].
 */
import { destination, type Logger, pino, stdTimeFunctions } from 'pino';

import { isDiskFull } from './disk-full.ts';

export type Log = Logger;

const secretNames = [
  'password',
  'secret',
  'secrets',
  'token',
  'seed',
  'cookie',
  'authorization',
  'uri',
  'url',
  'text',
];

/** Returns the log and a function that writes out what is still waiting, for the last moment. */
export function createLog(
  { level }: { readonly level: string },
  stream = destination({ dest: 1, sync: false }),
): { readonly log: Log; readonly flush: () => void } {
  // A full disk or a reader that went away must not end sign-ins with it.
  stream.on('error', () => undefined);

  const log = pino(
    {
      level,
      base: { pid: process.pid },
      messageKey: 'event',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
      redact: { paths: secretNames.flatMap((name) => [name, `*.${name}`]), censor: '[secret]' },
    },
    stream,
  );
  return { log, flush: () => stream.flushSync() };
}

/** Only what every error has: drivers hang whole commands and documents onto theirs. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const code: unknown = Reflect.get(error, 'code');
  return {
    name,
    message,
    code,
    // Where a full disk was noticed explains nothing, and many lines may tell of it.
    ...(!isDiskFull(error) && { stack }),
    ...(cause !== undefined && { cause: describeError(cause) }),
  };
}
