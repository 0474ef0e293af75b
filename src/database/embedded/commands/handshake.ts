/**
 * Who this server says it is: a standalone one of wire version 21. It names neither sessions nor
 * a topology version, so that drivers neither repeat writes by themselves nor offer transactions.
 */
import type { Handler } from './command.ts';
import { mostStatements } from './write.ts';

const maxWireVersion = 21;
const version = '7.0.0';

function hello(flag: 'ismaster' | 'isWritablePrimary'): Handler {
  return {
    options: [
      'helloOk',
      'client',
      'compression',
      'saslSupportedMechs',
      'speculativeAuthenticate',
      'topologyVersion',
      'maxAwaitTimeMS',
      'backpressure',
      'loadBalanced',
    ],
    run: (engine) => ({
      helloOk: true,
      [flag]: true,
      maxBsonObjectSize: 16 * 1024 * 1024,
      maxMessageSizeBytes: 48_000_000,
      maxWriteBatchSize: mostStatements,
      localTime: engine.clock(),
      minWireVersion: 0,
      maxWireVersion,
      readOnly: false,
      ok: 1,
    }),
  };
}

const ok: Handler = { options: [], run: () => ({ ok: 1 }) };

export const handshake: Readonly<Record<string, Handler>> = {
  hello: hello('isWritablePrimary'),
  ismaster: hello('ismaster'),
  isMaster: hello('ismaster'),
  ping: ok,
  endSessions: ok,
  buildInfo: {
    options: [],
    run: () => ({
      version,
      versionArray: version.split('.').concat('0').map(Number),
      gitVersion: 'embedded',
      modules: [],
      bits: 64,
      maxBsonObjectSize: 16 * 1024 * 1024,
      ok: 1,
    }),
  },
  connectionStatus: {
    options: ['showPrivileges'],
    run: () => ({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] }, ok: 1 }),
  },
};
