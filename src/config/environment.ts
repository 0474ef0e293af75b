/**
 * Which variable fills which setting. Variables are for what differs between two machines
 * that run the same configuration; everything else belongs into a file.
 */
import { readFileSync } from 'node:fs';

import type { Path } from './outline.ts';
import { type SettingProblem, whyUnreadable } from './problems.ts';

interface Variable {
  readonly name: string;
  readonly path: readonly string[];
  /** A secret may also stand in a file that the variable with `_FILE` behind it names. */
  readonly isSecret: boolean;
  /** What it cannot read it returns as it is: then the schema says what is wrong. */
  readonly read: (value: string) => unknown;
}

/** The variables as process.env has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

const asText = (value: string): unknown => value;
const asList = (value: string): unknown => value.split(/[\s,]+/).filter(Boolean);
const asNumber = (value: string): unknown => (/^\d+$/.test(value) ? Number(value) : value);
const asBoolean = (value: string): unknown => ({ true: true, false: false })[value] ?? value;

function asJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function plain(name: string, path: string, read = asText): Variable {
  return { name, path: path.split('.'), isSecret: false, read };
}

function secret(name: string, path: string, read = asText): Variable {
  return { name, path: path.split('.'), isSecret: true, read };
}

export const variables: readonly Variable[] = [
  plain('ISSUER', 'issuer'),
  plain('HOSTS', 'server.hosts', asList),
  plain('PORT', 'server.port', asNumber),
  plain('TRUSTED_PROXIES', 'server.trustedProxies', asList),
  plain('PROXY_HEADER', 'server.proxyHeader'),
  secret('MONGODB_URI', 'database.uri'),
  plain('EMBEDDED_DATABASE', 'database.embedded', asBoolean),
  plain('DATA_DIRECTORY', 'database.directory'),
  secret('COOKIE_KEYS', 'secrets.cookieKeys', asList),
  secret('ENCRYPTION_KEYS', 'secrets.encryptionKeys', asList),
  secret('JWKS', 'secrets.jwks', asJson),
  secret('VAPID_KEY', 'secrets.vapidKey'),
  plain('TWILIO_ACCOUNT_SID', 'channels.twilio.accountSid'),
  secret('TWILIO_AUTH_TOKEN', 'channels.twilio.authToken'),
  plain('TWILIO_FROM', 'channels.twilio.from'),
  plain('TWILIO_MESSAGING_SERVICE_SID', 'channels.twilio.messagingServiceSid'),
  // Amazon's library knows these by the same names; here they may also stand in files.
  plain('AWS_REGION', 'channels.sns.region'),
  plain('AWS_ACCESS_KEY_ID', 'channels.sns.accessKeyId'),
  secret('AWS_SECRET_ACCESS_KEY', 'channels.sns.secretAccessKey'),
  secret('AWS_SESSION_TOKEN', 'channels.sns.sessionToken'),
  plain('SMS_DRIVER', 'channels.sms.driver'),
  plain('SMS_PROVIDER_URL', 'channels.sms.url'),
  secret('SMS_PROVIDER_TOKEN', 'channels.sms.token'),
  plain('SMS_FALLBACK_DRIVER', 'channels.sms.fallback.driver'),
  plain('SMS_FALLBACK_URL', 'channels.sms.fallback.url'),
  secret('SMS_FALLBACK_TOKEN', 'channels.sms.fallback.token'),
  plain('VOICE_DRIVER', 'channels.voice.driver'),
  plain('VOICE_PROVIDER_URL', 'channels.voice.url'),
  secret('VOICE_PROVIDER_TOKEN', 'channels.voice.token'),
  secret('VOICE_CALLBACK_SECRET', 'channels.voice.callbackSecret'),
  plain('VOICE_FALLBACK_DRIVER', 'channels.voice.fallback.driver'),
  plain('VOICE_FALLBACK_URL', 'channels.voice.fallback.url'),
  secret('VOICE_FALLBACK_TOKEN', 'channels.voice.fallback.token'),
  secret('VOICE_FALLBACK_CALLBACK_SECRET', 'channels.voice.fallback.callbackSecret'),
  secret('SMTP_URL', 'channels.mail.url'),
  plain('MAIL_FROM', 'channels.mail.from'),
  plain('PUSH_HOSTS', 'channels.push.hosts', asList),
  plain('METRICS_HOST', 'metrics.host'),
  plain('METRICS_PORT', 'metrics.port', asNumber),
  plain('LOG_LEVEL', 'log.level'),
];

/** Every name that is read, here or elsewhere. */
export const namesOfOurs: readonly string[] = [
  ...variables.flatMap(({ name, isSecret }) => (isSecret ? [name, `${name}_FILE`] : [name])),
  ...['DOORSTEP_CONFIG', 'NODE_ENV', 'ALLOWED_VARIABLES'],
];

export interface Filled {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** An empty variable counts as not set, because container files often leave one. */
export function readEnvironment(environment: Environment): {
  readonly filled: readonly Filled[];
  readonly problems: readonly SettingProblem[];
} {
  const filled: Filled[] = [];
  const problems: SettingProblem[] = [];
  for (const variable of variables) {
    const found = find(variable, environment);
    if ('what' in found) problems.push(found);
    else if (found.text) filled.push({ path: variable.path, value: variable.read(found.text) });
  }
  return { filled, problems };
}

function find(
  { name, path, isSecret }: Variable,
  environment: Environment,
): { readonly text: string | undefined } | SettingProblem {
  const text = environment[name]?.trim();
  const file = isSecret ? environment[`${name}_FILE`] : undefined;
  if (!file) return { text };
  if (text) return { where: name, what: `and ${name}_FILE are both set; keep one` };
  try {
    return { text: readFileSync(file, 'utf8').trim() };
  } catch (error) {
    const what = whyUnreadable(file, error);
    return { where: `${name}_FILE`, what, setting: path.join('.') };
  }
}

/** For a message about a missing setting; empty where no variable fills it. */
export function howToSet(path: Path): string {
  const variable = variables.find((candidate) => candidate.path.join('.') === path.join('.'));
  if (!variable) return '';
  const { name, isSecret } = variable;
  const made = variable.path[0] === 'secrets' ? ' (npm run secrets makes one)' : '';
  return isSecret ? `; set ${name} or ${name}_FILE${made}` : `; set ${name}`;
}
