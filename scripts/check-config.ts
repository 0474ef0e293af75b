/**
 * Says what is wrong with a configuration, all at once, or what is on if nothing is. Shows
 * no secret, makes nothing, connects to nothing.
 */
import { isSet } from '../src/channels/carriers.ts';
import { isConfigured } from '../src/channels/index.ts';
import { loadSettings } from '../src/config/load.ts';
import type { Settings } from '../src/config/schema.ts';
import { fewestCharacters, secondSteps } from '../src/policy/shape.ts';
import { parsed } from './doorstep/arguments.ts';
import { table } from './doorstep/print.ts';
import { Misuse, run } from './doorstep/run.ts';

const help = `Usage: npm run check-config

Reads the variables that the service would have, and the file that DOORSTEP_CONFIG names.
`;

await run(async () => {
  const options = { help: { type: 'boolean', short: 'h' } } as const;
  const { values, names } = parsed(process.argv.slice(2), options);
  if (values.help) return void process.stdout.write(help);
  if (names.length > 0) throw new Misuse('The file of settings is named in DOORSTEP_CONFIG.');

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
    ['texts', carriersIn(channels.sms)],
    ['calls', carriersIn(channels.voice)],
    ['mail', channels.mail.url ? channels.mail.driver : 'none'],
    ['pushes', secrets.vapidKey ? channels.push.driver : 'none'],
  ];
}

type Carriers = Settings['channels']['sms' | 'voice'];

function carriersIn(first: Carriers): string {
  const all = isSet(first) ? [first, ...[first.fallback].filter(isSet)] : [];
  return all.map(({ driver }) => driver).join(', then ') || 'none';
}
