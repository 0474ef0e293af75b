/**
 * The acts of an administrator on a house, as the command line has them.
 */
import { sentenceOf } from '../../scripts/doorstep/refusals.ts';
import { createAdministration } from '../../src/administration/administration.ts';
import { COMMAND_LINE } from '../../src/audit/audit.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createLog } from '../../src/lib/log.ts';
import { createAuditTrail, createServices } from '../../src/services.ts';
import type { House } from './house.ts';

export function administrationOf({ connection, settings }: Pick<House, 'connection' | 'settings'>) {
  const { log } = createLog({ level: 'silent' });
  const deps = { connection, settings, clock: systemClock, log };
  const services = createServices(deps);
  const house = { ...deps, ...services, audit: createAuditTrail(deps, services) };
  const administration = createAdministration(house, { by: COMMAND_LINE, roles: 'all' });
  return {
    ...administration,
    /** With its secrets, for whoever looks at what is stored. */
    stored: (username: string) => services.accounts.findByIdentifier(username),
    /** As at the end of a command: what happened is moved into the chain. */
    ends: () => house.audit.move(),
    /** Objects, or lines as they are. */
    async imports(lines: readonly unknown[], update = false) {
      const refused: string[] = [];
      const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
      const counts = await administration.accounts.import(bytes(`${text.join('\n')}\n`), {
        update,
        onRefused: (line, refusal) => refused.push(`${line}: ${sentenceOf(refusal)}`),
        onProgress: () => undefined,
      });
      return { counts, refused };
    },
  };
}

/** In small pieces, so that lines and letters are cut anywhere. */
async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(text);
  for (let at = 0; at < all.length; at += 37) yield all.subarray(at, at + 37);
}
