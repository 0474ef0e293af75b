/**
 * doorstep clients: how an administrator registers apps of every kind.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import { type CommandLine, openCommandLine } from '../support/command-line.ts';
import { makeKeys } from '../support/key-holder.ts';

describe('npm run doorstep -- clients', () => {
  let line: CommandLine;
  before(async () => (line = await openCommandLine()));
  after(() => line.close());

  const doorstep = (...args: string[]): Promise<string> => line.doorstep(...args);
  const refused = (...args: string[]): Promise<string> => line.refused(...args);
  const is = async (id: string): Promise<unknown> =>
    JSON.parse(await doorstep('clients', 'show', id));

  it('lists apps that go without PKCE, and makes no public ones (S-173)', async () => {
    const address = ['--redirect-uri', 'https://old.example.org/back'];
    await doorstep('clients', 'create', 'old', ...address, '--no-pkce');
    const lines = (await doorstep('clients', 'list')).split('\n');
    expect(lines.filter((line) => line.includes('without PKCE'))).to.have.length(1);
    expect(lines.find((line) => line.includes('without PKCE'))).to.match(/^old /);
    expect(await refused('clients', 'create', 'x', ...address, '--no-pkce', '--public')).to.match(
      /left out only by an app with a secret/,
    );
  });

  it('allows an app groups and roles, and no scope that needs no allowance', async () => {
    const address = ['--redirect-uri', 'https://wiki.example.org/back'];
    const scopes = ['--scope', 'groups', '--scope', 'roles'];
    await doorstep('clients', 'create', 'wiki', ...address, ...scopes);
    await doorstep('clients', 'update', 'wiki', '--id-token-claims');
    const before = { allowed_scopes: ['groups', 'roles'], id_token_claims: true };
    expect(await is('wiki')).to.deep.include(before);
    await doorstep('clients', 'update', 'wiki', '--scope', '', '--no-id-token-claims');
    expect(await is('wiki')).to.deep.include({ allowed_scopes: [], id_token_claims: false });
    expect(await refused('clients', 'update', 'wiki', '--scope', 'email')).to.match(
      /Only groups and roles can be allowed/,
    );
  });

  it('registers native apps, which have other addresses and no secret', async () => {
    const create = ['clients', 'create', 'phone', '--native', '--redirect-uri'];
    expect(await refused(...create, 'myapp:/back')).to.contain('a scheme with a dot');
    expect(await refused(...create, 'http://localhost/back')).to.contain('127.0.0.1');
    const addresses = ['com.example.app:/back', '--redirect-uri', 'http://127.0.0.1/back'];
    expect(await doorstep(...create, ...addresses)).not.to.contain('secret');
    const known = { application_type: 'native', token_endpoint_auth_method: 'none' };
    expect(await is('phone')).to.deep.include(known);
    await doorstep('clients', 'update', 'phone', '--redirect-uri', 'com.example.app:/new');
    expect(await doorstep('clients', 'list')).to.match(/^phone +phone +none, native /m);
    expect(await refused('clients', 'rotate-secret', 'phone')).to.contain('has no secret');
  });

  it('registers apps with keys, and takes them instead of a secret', async () => {
    const file = join(line.directory, 'jwks.json');
    const { jwk } = await makeKeys('one');
    await writeFile(file, JSON.stringify({ keys: [jwk] }));
    const address = ['--redirect-uri', 'https://robot.example.org/back'];
    const create = ['clients', 'create', 'robot', ...address];
    expect(await refused(...create, '--jwks', '/nowhere')).to.contain('cannot be read');
    expect(await refused(...create, '--jwks-uri', 'http://robot.example.org/k')).to.match(/https/);
    const both = ['--jwks', file, '--jwks-uri', 'https://robot.example.org/k'];
    expect(await refused(...create, ...both)).to.contain('not both');
    expect(await doorstep(...create, '--jwks', file)).not.to.contain('secret');
    const byKeys = { token_endpoint_auth_method: 'private_key_jwt' };
    expect(await is('robot')).to.deep.include({ ...byKeys, jwks: { keys: [jwk] } });
    await doorstep('clients', 'update', 'robot', '--jwks-uri', 'https://robot.example.org/k');
    expect(await is('robot')).to.include({ jwks_uri: 'https://robot.example.org/k' });
    expect(await is('robot')).not.to.have.property('jwks');

    const beside = ['clients', 'create', 'both', ...address, '--with-secret', '--jwks', file];
    expect(await doorstep(...beside)).to.contain('Client secret');
    await doorstep('clients', 'update', 'both', '--no-secret');
    expect(await is('both')).to.deep.include(byKeys);
    expect(await refused('clients', 'rotate-secret', 'both')).to.contain('has no secret');
    await doorstep('clients', 'create', 'bare', ...address);
    expect(await refused('clients', 'update', 'bare', '--no-secret')).to.contain('keys are needed');
  });

  it('goes back on what was said of an app', async () => {
    const file = join(line.directory, 'more.json');
    await writeFile(file, JSON.stringify({ keys: [(await makeKeys('one')).jwk] }));
    const address = ['--redirect-uri', 'https://turn.example.org/back'];
    const sub = ['--sign-out-uri', 'https://turn.example.org/bye', '--no-pkce'];
    await doorstep('clients', 'create', 'turn', ...address, ...sub, '--jwks', file);
    const update = ['clients', 'update', 'turn'];
    const home = 'https://turn.example.org/';
    await doorstep(...update, '--client-uri', home);
    expect(await is('turn')).to.include({ client_uri: home });
    expect(await refused(...update, '--client-uri', 'http://turn.example.org/')).to.contain('http');
    expect(await refused(...update, '--no-jwks')).to.contain('keys are needed');
    expect(await doorstep(...update, '--with-secret')).to.contain('Client secret');
    await doorstep(...update, '--no-jwks', '--pkce', '--sign-out-uri', '', '--client-uri', '');
    const known = { require_pkce: true, post_logout_redirect_uris: [] };
    expect(await is('turn'))
      .to.deep.include(known)
      .and.not.have.any.keys('jwks', 'client_uri');
    expect(await doorstep(...update, '--pkce')).to.equal(
      'Nothing to change: client "turn" is so already.\n',
    );
    for (const both of [
      ['--no-secret', '--with-secret'],
      ['--pkce', '--no-pkce'],
      ['--jwks', file, '--no-jwks'],
    ]) {
      expect(await refused(...update, ...both)).to.contain('are opposites');
    }
    expect(await refused(...update, '--acr', 'phr')).to.contain('that the methods here can prove');
    expect(await refused('clients', 'create', 'x', ...address, '--with-secret')).to.match(/keys/);
  });

  it('takes secrets that an app knows already, shows none, and lets an old one go on', async () => {
    const address = ['--redirect-uri', 'https://moved.example.org/back'];
    const create = ['clients', 'create', 'moved', ...address, '--secret-stdin'];
    const brought = 'a-secret-brought-along-of-32-bytes';
    const short = await line.withInput('too short', ...create).catch(String);
    expect(short).to.contain('32 to 512');
    expect(await line.withInput(`${brought}\n`, ...create)).not.to.contain(brought);
    const rotate = ['clients', 'rotate-secret', 'moved'];
    const same = await line.withInput(brought, ...rotate, '--secret-stdin').catch(String);
    expect(same).to.contain('already').and.not.to.contain(brought);
    expect(await refused(...rotate, '--overlap-hours', '721')).to.contain('at most 720');
    const told = await doorstep(...rotate, '--overlap-hours', '24');
    expect(told).to.contain('goes on for 24 hours').and.to.contain('Client secret');
    const shown = await doorstep('clients', 'show', 'moved');
    expect(shown).to.contain('previous_client_secret_until').and.not.to.contain(brought);
    expect(await doorstep('clients', 'list', '--json')).not.to.contain(brought);
    await doorstep(...rotate);
    expect(await is('moved')).not.to.have.property('previous_client_secret_until');
  });

  it('signs the ID tokens of an app as it wants, if there is a key for that', async () => {
    const create = ['clients', 'create', 'signed', '--redirect-uri', 'https://s.example.org/back'];
    expect(await refused(...create, '--id-token-alg', 'HS256')).to.contain('RS256, ES256');
    await doorstep(...create, '--id-token-alg', 'ES256');
    expect(await is('signed')).to.include({ id_token_signed_response_alg: 'ES256' });
  });

  it('takes one address for notices of sign-outs, over https', async () => {
    const create = ['clients', 'create', 'told', '--redirect-uri', 'https://app.example.org/back'];
    const refusal = await refused(...create, '--logout-notice-uri', 'http://app.example.org/out');
    expect(refusal).to.match(/https/);
    expect(
      await doorstep(...create, '--logout-notice-uri', 'https://app.example.org/out'),
    ).to.contain('told');
  });
});
