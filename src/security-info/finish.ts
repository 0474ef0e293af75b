/**
 * The end of a change: it is made, as it was wished and confirmed, and what came of it is kept for
 * the page that they come back to. The account changes first: after a crash between the two it is
 * found to be done.
 */
import type { Context } from 'koa';

import type { RequestContext } from '../flow/request-context.ts';
import type { Flows } from '../models/flow.ts';
import type { Change } from './change.ts';
import { createEndings, type EndingDeps } from './endings.ts';
import type { Done } from './flow.ts';
import { calledBy } from './method-of.ts';
import { createLift, type LiftDeps } from './lift.ts';
import { createRemove, type RemovalDeps } from './remove.ts';
import { createRename, type RenameDeps } from './rename.ts';
import { createRestore, type RestoreDeps } from './restore.ts';
import { createSetDefault, type SetDefaultDeps } from './set-default.ts';

export interface FinishDeps
  extends RemovalDeps, RenameDeps, RestoreDeps, LiftDeps, SetDefaultDeps, EndingDeps {
  readonly accounts: RemovalDeps['accounts'] &
    RenameDeps['accounts'] &
    RestoreDeps['accounts'] &
    LiftDeps['accounts'] &
    EndingDeps['accounts'];
  readonly audit: EndingDeps['audit'];
  readonly directory: RemovalDeps['directory'] & SetDefaultDeps['directory'];
  readonly crypt: RemovalDeps['crypt'] & RestoreDeps['crypt'];
  readonly flows: Pick<Flows, 'end'>;
  readonly clientId: string;
}

export function createFinish(deps: FinishDeps) {
  const remove = createRemove(deps);
  const restore = createRestore(deps);
  const lift = createLift(deps);
  const rename = createRename(deps);
  const setDefault = createSetDefault(deps);
  const end = createEndings(deps);

  return async (_ctx: Context, change: Change, visit: RequestContext): Promise<boolean> => {
    const { flow } = change;
    const done = flow.facts.cancelled ? undefined : await made(change, visit);
    return deps.flows.end(flow, { ...(done && { facts: { done } }) });
  };

  async function made(change: Change, visit: RequestContext): Promise<Done | undefined> {
    const { request, facts } = change.flow;
    const isProved = change.lacking.needs.length === 0;
    const { account, session, credential = '' } = request;
    const from = { ...visit.from, client: deps.clientId };
    switch (request.act) {
      case 'remove':
        return remove({ account, credential, session, from });
      case 'restore':
        return restore({ account, credential, session, isProved, from });
      case 'lift':
        return lift({ account, credential, from });
      case 'rename':
        return rename({ account, credential, name: facts.name ?? '', from });
      case 'default':
        return facts.preferred && setDefault({ account, way: facts.preferred, from });
      case 'password':
        return { act: 'password', method: 'password' };
      case 'codes':
        return { act: 'codes', method: 'recovery-code' };
      case 'end-session':
      case 'end-sessions':
      case 'end-trust':
      case 'end-trusts':
      case 'end-app':
        return end(request.act, change, from);
      case 'add':
      case 'replace':
      case 'move':
        return added(change);
    }
  }

  function added({ flow, account }: Change): Done | undefined {
    const { added: way } = flow.facts;
    const credential = account?.credentials.find(({ id }) => id === way?.credential);
    if (!way || !credential) return undefined;
    const { act } = flow.request;
    return {
      act: act === 'replace' || act === 'move' ? act : 'add',
      ...calledBy(credential, deps.methods),
      method: way.method,
    };
  }
}
