/**
 * Composition: settings in, a request handler out. With compose.ts the only file that holds the
 * whole configuration; all others get their own section.
 */
import Koa from 'koa';

import { createBackground } from './background.ts';
import { createProviderAndFlows } from './compose.ts';
import { createVerification } from './compose-door.ts';
import { createDiskWatch } from './lib/disk-watch.ts';
import { createKeyring } from './lib/keyring.ts';
import { createTrialWrite } from './models/trial-write.ts';
import { providerPaths } from './oidc/endpoints.ts';
import { type AppDeps, createAuditTrail, createServices } from './services.ts';
import { drainRequest } from './web/drain-request.ts';
import { createErrors, isClientsFault } from './web/errors.ts';
import { securityHeaders } from './web/headers.ts';
import { healthChecks } from './web/health.ts';
import { namesHost, onlyHost, pinProtocol } from './web/hosts.ts';
import { measureRequests } from './web/measure.ts';
import { onlyKnownMethods } from './web/methods.ts';
import { oneByOne } from './web/one-by-one.ts';
import { plainPages } from './web/plain-pages.ts';
import { giveRequestId } from './web/request-id.ts';
import { wellKnown } from './web/well-known.ts';

export type App = Awaited<ReturnType<typeof createApp>>;

export async function createApp(deps: AppDeps) {
  const { settings, connection } = deps;
  const rooms = createServices(deps);
  const house = { ...rooms, audit: createAuditTrail(deps, rooms) };
  const door = createVerification(deps, house);
  const flows = createProviderAndFlows(deps, house, door);
  const disk = createDiskWatch({ ...deps, write: createTrialWrite(connection) });
  const { backChannel } = flows;
  const background = createBackground(deps, { house, door, backChannel, disk });
  let isLeaving = false;

  const app = new Koa();
  app.keys = createKeyring(settings.secrets.cookieKeys);
  pinProtocol(app, settings.issuer);
  // Only what createErrors itself could not tell ends up here.
  app.on('error', (error: unknown) => {
    if (!isClientsFault(error)) deps.log.error({ err: error }, 'request.broke');
  });
  const checks = { database: () => ping(connection), disk: () => disk.check(), process: leaving };
  for (const middleware of [
    ...(deps.meter ? [measureRequests(deps.meter)] : []),
    drainRequest,
    giveRequestId,
    securityHeaders(settings.issuer),
    house.pages.middleware,
    createErrors({ ...deps, ...flows, disk }),
    namesHost,
    healthChecks(checks),
    onlyHost(settings.issuer),
    onlyKnownMethods(providerPaths(flows.provider)),
    house.assets.middleware,
    house.shell,
    flows.routes,
    ...flows.account,
    wellKnown(settings.issuer),
    flows.letIn,
    flows.notMe,
    flows.approver,
    flows.callbacks,
    flows.language,
    plainPages(flows),
    ...flows.mounted,
  ]) {
    app.use(middleware);
  }
  const handle = app.callback();

  return {
    callback: oneByOne((req, res) => void handle(req, res), deps),
    ...background,
    audit: house.audit,
    /** Tells load balancers to look elsewhere. */
    turnAway(): void {
      isLeaving = true;
      door.listeners.end();
    },
  };

  async function leaving(): Promise<void> {
    if (isLeaving) throw new Error('stopping');
  }
}

const ping = async ({ db }: AppDeps['connection']): Promise<unknown> =>
  db?.command({ ping: 1 }) ?? Promise.reject(new Error('not connected'));
