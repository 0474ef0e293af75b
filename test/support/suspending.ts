/**
 * Credentials that are suspended behind the house's back, as after "This wasn't me".
 */
import { createAccounts } from '../../src/models/account.ts';
import type { House } from './house.ts';

export const accountIn = async ({ connection }: House, id: string) => {
  const account = await createAccounts(connection).findById(id);
  if (!account) throw new Error(`no account ${id}`);
  return account;
};

export async function suspend(house: House, id: string, ...suspends: string[]): Promise<void> {
  const now = new Date();
  const disowning = { ...{ event: 'e1', until: now, now, suspends }, needsNewPassword: false };
  await createAccounts(house.connection).disown(await accountIn(house, id), disowning);
}
