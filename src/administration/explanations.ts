/**
 * Explains somebody's sign-in to an administrator: looked up, told to the audit, and nothing changed.
 */
import type { ClientMetadata } from 'oidc-provider';

import type { Acr } from '../assurance/proof.ts';
import {
  administers,
  AUTHENTICATION_ADMINISTRATOR,
  HELP_DESK,
} from '../policy/administrator-roles.ts';
import { reachableLevels } from '../verification/choices.ts';
import type { AdministrationServices, People } from './deps.ts';
import { anyApp, type AskingApp, explain, type Explanation } from './explain.ts';
import { Refusal } from './refusal.ts';
import type { Telling } from './telling.ts';

export interface ExplainDeps extends Pick<
  AdministrationServices,
  'settings' | 'clock' | 'clients' | 'policy' | 'methodRules' | 'channels'
> {
  readonly people: People;
  readonly telling: Telling;
}

export interface Explained extends Explanation {
  readonly username: string;
  /** Roles whose holders may help; none where only the command line may. */
  readonly helpers: readonly string[];
  /** Whom pages name. */
  readonly helpContact?: string | Readonly<Record<string, string>> | undefined;
}

interface Question {
  readonly app?: string | undefined;
  readonly reason?: string | undefined;
}

export const createExplain =
  ({ people, telling, clock, clients, policy, methodRules, channels, settings }: ExplainDeps) =>
  async (typed: string, { app, reason }: Question = {}): Promise<Explained> => {
    const account = await people.find(typed);
    const apps = app === undefined ? anyApp : [await appNamed(app, clients)];
    await telling.looked('account.explained', { account: account._id, reason });
    const { helpContact } = settings.organisation;
    return {
      username: account.username,
      ...explain(account, apps, {
        ...{ ...methodRules, policy: policy.current(), now: clock.now() },
        reachable: reachableLevels(methodRules),
        hasChannel(id) {
          const channel = methodRules.methods.get(id)?.channel;
          return channel === undefined || channels[channel] !== undefined;
        },
      }),
      helpers: administers(account) ? [] : [HELP_DESK, AUTHENTICATION_ADMINISTRATOR],
      ...(helpContact !== undefined && { helpContact }),
    };
  };

async function appNamed(
  client: string,
  clients: AdministrationServices['clients'],
): Promise<AskingApp> {
  const found: ClientMetadata | undefined = await clients.find(client);
  if (!found) throw new Refusal('client-unknown', { client });
  // Registration lets nothing else in.
  return { app: client, requiredAcr: found.required_acr as Acr | undefined };
}
