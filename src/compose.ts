/**
 * The rooms put together, from the models to the flow: what each is given is said here. Beside
 * app.ts, which serves them, the only file that knows everybody.
 */
import type { Context } from 'koa';

import { approverRoutes } from './approver/routes.ts';
import type { Audit } from './audit/audit.ts';
import { createDisownTokens } from './audit/disown-tokens.ts';
import { createHourly } from './audit/hourly.ts';
import { callbackRoutes } from './flow/callbacks.ts';
import { relyingPartyOf } from './methods/security-key/relying-party.ts';
import type { Problem } from './lib/problem.ts';
import { createDisown } from './not-me/disown.ts';
import { notMeRoutes } from './not-me/routes.ts';
import { attachBackChannel } from './oidc/back-channel.ts';
import { explainRefusal } from './oidc/explain-refusal.ts';
import { createFinishInteraction } from './oidc/finish-interaction.ts';
import { createGrants } from './oidc/grants.ts';
import { mounted } from './oidc/middleware.ts';
import { createSessions } from './oidc/session.ts';
import { createStartPage } from './oidc/start-page.ts';
import { registrationFor } from './policy/registration.ts';
import { fewestCharacters, trustDaysOffered, trustIn } from './policy/shape.ts';
import type { OpenDoor } from './compose-door.ts';
import type { AppDeps, Rooms } from './services.ts';
import { createActs } from './sign-in/acts.ts';
import { createEndCopied } from './sign-in/end-copied.ts';
import { createFinish } from './sign-in/finish.ts';
import { letInRoutes } from './sign-in/let-in-routes.ts';
import { signInRoutes } from './sign-in/routes.ts';
import { createSignIns } from './sign-in/sign-in.ts';
import { createPasskeyList } from './methods/security-key/passkey-list.ts';
import { createAccountPages } from './compose-account.ts';
import { createOwnProvider } from './compose-provider.ts';
import { createStart } from './sign-in/start.ts';
import { stayInSignIn } from './sign-in/stay.ts';
import { createMethodsHere } from './verification/methods-here.ts';
import { createRenewCodes } from './verification/renew-codes.ts';
import { createCsrf } from './web/csrf.ts';
import { createVisits } from './visits.ts';
import { languageChoice } from './web/language-choice.ts';
import { createRefusals, shown } from './web/refusals.ts';

type House = Rooms & { readonly audit: Audit };
type VisitOf = ReturnType<typeof createVisits>['visitOf'];

/** Where devices and providers answer. */
function outOfBandRoutes(
  { settings, clock, log }: Pick<AppDeps, 'settings' | 'clock' | 'log'>,
  house: House,
  { door, visitOf }: { readonly door: OpenDoor; readonly visitOf: VisitOf },
) {
  const { accounts, flows, crypt, policy } = house;
  const { push } = house.channels;
  const readPolicy = () => policy.read();
  const approver = approverRoutes({
    ...{ ...door, accounts, flows, crypt, clock, visitOf, readPolicy },
    organisation: settings.organisation.name,
    digits: settings.methods.approve.digits,
    vapidKey: push?.publicKey,
    isPushAddress: (endpoint) => push?.accepts(endpoint) ?? false,
  });
  const callbacks = callbackRoutes({
    ...{ ...door, visitOf, readPolicy, log },
    outcomeOf: (challenge) => flows.outcomeOf(challenge),
    render: (said) => house.messages.render(said).text,
  });
  return { approver, callbacks };
}

/** As which domain keys know us. */
const rpIdOf = ({ issuer, methods }: AppDeps['settings']): string | undefined =>
  relyingPartyOf(issuer, methods['security-key'].rpId)?.id;

/** What policy says of browsers that are trusted, and what becomes of a copy of one. */
const createTrusting = ({ policy, accounts, audit }: House) => ({
  trust: () => trustIn(policy.current()),
  trustDays: (): number => trustDaysOffered(policy.current()),
  endCopied: createEndCopied({ accounts, audit }),
});

/** Who is told of a request that is refused, and what it is counted by. */
function createTellingRefusals(
  { settings, clock, log }: Pick<AppDeps, 'settings' | 'clock' | 'log'>,
  { failures }: House,
  { visitOf, recordHourly }: { visitOf: VisitOf; recordHourly: ReturnType<typeof createHourly> },
) {
  const { explainRefusals } = settings.oidc;
  const refusals = createRefusals({ log, explain: explainRefusals ? explainRefusal : undefined });
  const around = {
    ...{ failures, clock, log, refusals, figures: settings.limits.wrongClientSecrets },
    networkOf: (ctx: Context): string => visitOf(ctx).place.network,
    count: (ctx: Context, client: string | undefined, error: string) =>
      recordHourly('request.refused', {
        details: { client: client ?? '', error },
        from: visitOf(ctx).from,
      }),
  };
  const refused = (ctx: Context, { code }: Problem): void => {
    const host = code === 'wrong-host' && { host: shown(ctx.get('Host')) };
    refusals.tell(ctx, { error: code, ...host });
  };
  return { around, refusals: { refused, explained: (ctx: Context) => refusals.explained(ctx) } };
}

/** Where links in mails lead. */
function mailedLinkRoutes(
  { settings, clock }: Pick<AppDeps, 'settings' | 'clock'>,
  { crypt, accounts, audit, endSessions }: House,
  { csrf, visitOf }: { readonly csrf: ReturnType<typeof createCsrf>; readonly visitOf: VisitOf },
) {
  const letIn = letInRoutes({ accounts, csrf, visitOf, audit, clock });
  const notMe = notMeRoutes({
    ...{ accounts, csrf, visitOf, clock, tokens: createDisownTokens(crypt) },
    disown: createDisown({ accounts, audit, endSessions, clock }),
    isSecure: settings.issuer.startsWith('https:'),
  });
  return { letIn, notMe };
}

/** The provider, and the flow that it sends people through. */
export function createProviderAndFlows(
  { settings, clock, log }: AppDeps,
  house: House,
  door: OpenDoor,
) {
  const { crypt, records, languages, accounts, flows, clients, failures, audit, meter } = house;
  const { payloads, endSessions, logoutNotices } = house;
  const { issuer } = settings;
  const rememberDays = (): number => house.policy.current().rememberDays;
  const readPolicy = () => house.policy.read();
  const trusting = createTrusting(house);
  const sessions = createSessions({ clock, lengths: settings.oidc, rememberDays, ...trusting });
  const grants = createGrants({ records, payloads, clock });
  const csrf = createCsrf({ crypt, issuer });
  const { browsers, visitOf } = createVisits({ settings, clock, log }, house, sessions);
  const { pausePerNumberSeconds } = settings.limits.sends;
  const { interactionSeconds } = settings.oidc;
  const signIns = createSignIns({
    interactionSeconds,
    ...{ ...door, ...trusting, flows, accounts, clock, log, pausePerNumberSeconds },
    firstMethod: () => house.policy.current().firstMethod,
    registrationWishes: ({ groups }) =>
      registrationFor(house.policy.current().registration, groups),
    needsConsent: async ({ firstParty, prompts, ...wanted }, accountId) =>
      prompts.includes('consent') ||
      (!firstParty && !(await grants.isConsented({ ...wanted, accountId }))),
  });
  const passkeyList = createPasskeyList({ ...house, rpId: rpIdOf(settings), clock });
  const acts = createActs({
    renewCodes: createRenewCodes({ accounts, enrolment: door.enrolment, audit, clock }),
    ...{ ...door, ...trusting, signIns, flows, accounts, endSessions, audit, log, clock },
    ...{ pausePerNumberSeconds, passkeyList },
  });
  const start = createStart({
    ...{ ...trusting, flows, accounts, signIns, acts, clock, interactionSeconds },
  });
  const recordHourly = createHourly({ failures, audit, clock, log });
  const provider = createOwnProvider({ settings, clock }, house, {
    ...{ door, visitOf, sessions, grants, start, recordHourly },
  });
  const backChannel = attachBackChannel(provider, { logoutNotices, clock, log });
  const finishInteraction = createFinishInteraction({ provider, records, payloads, clock });
  const finish = createFinish({
    ...{ provider, finishInteraction, flows, accounts, browsers },
    ...{ ...trusting, clock, audit, meter, rememberDays, signIns, interactionSeconds, passkeyList },
  });
  const routes = signInRoutes({
    ...{ provider, signIns, acts, finish, csrf, visitOf, meter, clock, flows, failures },
    ...{ enrolment: door.enrolment, listeners: door.listeners, accounts, browsers },
    ...house.methodRules,
    ...{ pausePerNumberSeconds, readPolicy, rememberDays, ...trusting, hasMail: door.hasMail },
    fewestCharacters: () => fewestCharacters(house.policy.current()),
    rpId: passkeyList.rpId,
  });
  const account = createAccountPages({ settings, clock, log }, house, {
    ...{ door, provider, csrf, visitOf, sessions },
  });
  const mailed = mailedLinkRoutes({ settings, clock }, house, { csrf, visitOf });
  const asked = outOfBandRoutes({ settings, clock, log }, house, { door, visitOf });
  const { refusals, around } = createTellingRefusals({ settings, clock, log }, house, {
    ...{ visitOf, recordHourly },
  });
  const through = [
    stayInSignIn({ provider, flows }),
    ...mounted(provider, { ...around, readPolicy }),
  ];
  const language = languageChoice({ available: languages.available, csrf, issuer });
  return {
    methodsHere: createMethodsHere({ ...door, readPolicy }),
    homeFor: createStartPage({ provider, people: accounts, clients }),
    ...{ language, provider, routes, account, ...mailed, ...asked, backChannel },
    mounted: through,
    ...refusals,
  };
}
