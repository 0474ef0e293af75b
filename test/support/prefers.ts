/**
 * What somebody's sign-in begins with, as if they had chosen it.
 */
import type { Way } from '../../src/assurance/way.ts';
import { createAccounts } from '../../src/models/account.ts';
import type { House } from './house.ts';
import type { PersonName } from './people.ts';

export async function prefers(
  { connection }: Pick<House, 'connection'>,
  name: PersonName,
  preferred: Way,
): Promise<void> {
  await createAccounts(connection).model.updateOne({ _id: `id-${name}` }, { $set: { preferred } });
}
