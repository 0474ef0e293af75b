/**
 * Says what is wrong with a configuration, all at once, or what is on if nothing is. Shows
 * no secret, makes nothing, connects to nothing.
 */
import { isConfigured } from '../src/channels/index.ts';
import { loadSettings } from '../src/config/load.ts';
import type { Settings } from '../src/config/schema.ts';
import { fewestCharacters, secondSteps } from '../src/policy/shape.ts';
import { run } from './doorstep/run.ts';
import { table } from './doorstep/print.ts';

await run(async () => {
  const settings = await loadSettings({ environment: process.env });
  process.stdout.write(`The configuration is usable.\n\n${table(whatIsOn(settings))}`);
});

function whatIsOn(settings: Settings): string[][] {
  const { channels, database, environment, issuer, organisation, policy, secrets, server } =
    settings;
  const on = secondSteps(policy, (name) => isConfigured(channels, name));
  return [
    ['environment', environment],
    ['issuer', issuer],
    ['organisation', organisation.name],
    ['listens on', `${server.hosts.join(', ')}, port ${server.port}`],
    ['database', database.uri ? 'MongoDB' : `embedded, in ${database.directory}`],
    ['two steps', policy.twoSteps],
    ['second steps', on.join(', ')],
    ['new passwords', `from ${fewestCharacters(policy)} characters`],
    ['texts', channels.sms.url ? channels.sms.driver : 'none'],
    ['mail', channels.mail.url ? channels.mail.driver : 'none'],
    ['pushes', secrets.vapidKey ? channels.push.driver : 'none'],
  ];
}
