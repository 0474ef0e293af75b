/**
 * The shape of the whole configuration: one section per owner, each with its ceilings.
 *
 * What a setting means, its default and where its ceiling comes from is written once, in
 * config/default.yaml. Nothing has a default here, so that file is also the only full list.
 * What only production forbids is in production.ts.
 */
import { resolve } from 'node:path';

import { z } from 'zod';

import { channelSettings } from '../channels/index.ts';
import { methods } from '../methods/index.ts';
import type { Jwks } from '../lib/jwks.ts';
import { policyShape } from '../policy/shape.ts';
import { limits } from './limits.ts';
import { address, network } from './network.ts';
import { organisation } from './organisation.ts';
import { secrets } from './secrets.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const text = z.string().trim().min(1).max(200);
const seconds = (most: number) => z.int().min(1).max(most);

const server = z.strictObject({
  hosts: z.array(address).min(1),
  port: z.int().min(0).max(65_535),
  trustedProxies: z.array(network),
  proxyHeader: z.enum(['x-forwarded-for', 'forwarded']),
  headersTimeoutSeconds: seconds(MINUTE),
  requestTimeoutSeconds: seconds(5 * MINUTE),
  stopWithinSeconds: seconds(MINUTE),
  notReadyForSeconds: z.int().min(0).max(MINUTE),
});

/** Scheme, credentials, servers, database and options: the driver throws whatever does not fit. */
const CONNECTION_STRING =
  /^[^:]+:\/\/([^\s/?#@:]+(:[^\s/?#@:]*)?@)?[^\s/?#@]+(\/[^\s/?#@]*)?(\?[^\s#]*)?$/;
const SERVERS =
  'must be like mongodb://user:password@host,host/database?options; ' +
  'in user name and password / : @ # ? are written %2F %3A %40 %23 %3F';

const database = z.strictObject({
  uri: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\/\S+$/, {
      error: 'must begin with mongodb:// or mongodb+srv://',
      abort: true,
    })
    .regex(CONNECTION_STRING, SERVERS)
    .exactOptional(),
  embedded: z.boolean().exactOptional(),
  directory: text.transform((path) => resolve(path)),
});

type MethodId = keyof typeof methods;

const passwords = z.strictObject({
  memoryKiB: z.int().min(64).max(1_048_576),
  passes: z.int().min(1).max(16),
  parallelism: z.int().min(1).max(4),
  atOnce: z.int().min(1).max(4),
  mostWaiting: z.int().min(1).max(1_000),
});

const methodSettings = z.strictObject(
  Object.fromEntries(Object.entries(methods).map(([id, { settings }]) => [id, settings])) as {
    [Id in MethodId]: (typeof methods)[Id]['settings'];
  },
);

const oidc = z.strictObject({
  interactionSeconds: seconds(HOUR),
  authorizationCodeSeconds: seconds(MINUTE),
  idTokenSeconds: seconds(HOUR),
  accessTokenSeconds: seconds(HOUR),
  refreshTokenSeconds: seconds(90 * DAY),
  refreshTokenTotalSeconds: seconds(365 * DAY),
  sessionSeconds: seconds(30 * DAY),
  unrememberedSessionSeconds: seconds(DAY),
  mfaSeconds: seconds(DAY),
  mfaIdleSeconds: seconds(HOUR),
  phrhSeconds: seconds(12 * HOUR),
  phrhIdleSeconds: seconds(15 * MINUTE),
  sessionsPerAccount: z.int().min(1).max(1_000),
  privateHosts: z.array(z.union([z.hostname(), z.ipv4(), z.ipv6()], 'must be a host')),
  explainRefusals: z.boolean(),
});

const metrics = z.strictObject({
  host: address,
  port: z.int().min(0).max(65_535).exactOptional(),
});

export const shape = z.strictObject({
  issuer: z
    .string()
    .refine(isOrigin, 'must be an origin without a path, such as https://id.example.org')
    .refine(isSafeOrigin, 'must begin with https:// (http:// is for localhost only)'),
  server,
  database,
  organisation,
  secrets,
  policy: policyShape,
  passwords,
  methods: methodSettings,
  channels: channelSettings,
  limits,
  oidc,
  metrics,
  log: z.strictObject({
    level: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
  }),
});

export type EnvironmentName = 'production' | 'development' | 'test';

/** The whole configuration, deeply frozen. Only app.ts holds all of it. */
export type Settings = DeepReadonly<z.infer<typeof shape>> & {
  readonly environment: EnvironmentName;
};

/** oidc-provider wants keys that it could change, and does not. */
type DeepReadonly<T> = T extends Jwks
  ? T
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

function isOrigin(value: string): boolean {
  return URL.canParse(value) && new URL(value).origin === value;
}

/** Browsers keep cookies without Secure apart only on their own machine. */
function isSafeOrigin(value: string): boolean {
  if (!URL.canParse(value)) return true;
  const { protocol, hostname } = new URL(value);
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}
