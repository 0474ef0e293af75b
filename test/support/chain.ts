/**
 * An audit chain on a database of its own, for the tests that take it to pieces.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createChain } from '../../src/audit/chain.ts';
import { connectDatabase, createIndexes } from '../../src/database/connect.ts';
import { createCrypt } from '../../src/lib/crypt.ts';
import { createLog } from '../../src/lib/log.ts';
import type { AuditEvent } from '../../src/models/audit-event.ts';
import { createAuditRecords } from '../../src/models/audit-record.ts';

export const crypt = createCrypt(['a secret of this test, 32 bytes or more']);
export const { log } = createLog({ level: 'silent' });

export async function openChain() {
  const directory = await mkdtemp(join(tmpdir(), 'doorstep-chain-'));
  const database = await connectDatabase({ directory, log });
  const { connection } = database;
  const records = createAuditRecords(connection);
  await createIndexes(connection);
  return {
    connection,
    records,
    /** As a process of its own would have it. */
    chain: () => createChain({ records, crypt, log }),
    async close(): Promise<void> {
      await database.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export const event = (id: string, more: Partial<AuditEvent> = {}): AuditEvent => ({
  id,
  at: new Date('2026-03-01T12:00:00Z'),
  name: 'sign-in.finished',
  result: 'done',
  by: 'id-ada',
  account: 'id-ada',
  from: { address: '192.0.2.1', request: 'r1' },
  details: { acr: 'urn:doorstep:acr:mfa', methods: ['password', 'code'], failuresBefore: 0 },
  ...more,
});
