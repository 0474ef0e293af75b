/**
 * Whether the session in which a flow was begun still goes on. A phone answers without one, and adds
 * nothing for a browser that somebody has signed out meanwhile.
 */
import type { AccountRecords } from '../models/account-records.ts';
import type { Flow } from '../models/flow.ts';
import { isChangeFlow } from './flow.ts';

export const createStillHere =
  ({ findSession }: Pick<AccountRecords, 'findSession'>) =>
  async (flow: Flow): Promise<boolean> => {
    // Whoever signs in has no session yet.
    if (!isChangeFlow(flow)) return true;
    const { account, session } = flow.request;
    return (await findSession(account, session)) !== undefined;
  };
