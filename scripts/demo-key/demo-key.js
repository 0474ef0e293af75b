/**
 * A security key for newcomers who have none: whenever a page of the demo's Doorstep asks the
 * browser for a key, people may take this toy instead. scripts/demo-key/serve.ts adds it to those
 * pages; the product itself knows nothing of it.
 */
/* global navigator, DOMException */
import { make, use } from './authenticator.js';
import { choose } from './chooser.js';
import { among, fitting, keep } from './held.js';
import { words } from './words.js';

const { credentials } = navigator;
const real = {
  get: credentials.get.bind(credentials),
  create: credentials.create.bind(credentials),
};

credentials.get = async (options = {}) => {
  const { publicKey, mediation, signal } = options;
  // What browsers offer in the user-name field stays theirs.
  if (!publicKey || mediation === 'conditional') return real.get(options);
  const keys = fitting(publicKey);
  if (keys.length === 0) return real.get(options);
  const choices = keys.map(({ credentialId, username }) => [credentialId, words.use(username)]);
  const chosen = await choose(Object.fromEntries(choices), signal);
  const key = keys.find(({ credentialId }) => credentialId === chosen);
  return key ? use(key, publicKey) : real.get(options);
};

credentials.create = async (options = {}) => {
  const { publicKey, signal } = options;
  if (!publicKey) return real.create(options);
  const chosen = await choose({ demo: words.make(publicKey.user.name) }, signal);
  if (chosen !== 'demo') return real.create(options);
  if (among(publicKey.excludeCredentials).length > 0) {
    throw new DOMException('it has a key of this account', 'InvalidStateError');
  }
  const { key, credential } = await make(publicKey);
  keep(key);
  return credential;
};
