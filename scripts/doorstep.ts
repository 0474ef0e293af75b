/**
 * The command line: people and apps of an installation, in the database that its settings
 * name. Works beside a running service.
 */
import '../src/need-node-24.js';

import { accounts } from './doorstep/accounts.ts';
import { clients } from './doorstep/clients.ts';
import { Mistake, run } from './doorstep/command.ts';
import { openHousehold, scriptSettings } from './household.ts';

const help = `Usage: npm run doorstep -- <what> <command> [arguments]

  accounts create <username> [--name "Ada Ekberg"] [--email ada@example.org] [--password-stdin]
                             without --password-stdin a password is made and shown once
  accounts list
  accounts disable <username>
  accounts enable <username>
  accounts unlock <username>            forgets wrong passwords and codes

  clients create <id> --redirect-uri <address> [--redirect-uri <another>]
                      [--name "The Shop"] [--sign-out-uri <address>]
                      [--first-party]   ours: nobody is asked for consent
                      [--public]        an app that cannot keep a secret
                      [--acr <level>]   never let in below this level
  clients list
  clients remove <id>

The settings are those of the service: set the same variables. Without any of them this
works on the database of npm start.
`;

const commands = { accounts, clients };

await run(async () => {
  const [what = '', name = '', ...args] = process.argv.slice(2);
  const asksForHelp = [what, name, ...args].some((arg) => arg === '--help' || arg === '-h');
  if (asksForHelp || !what) return void process.stdout.write(help);

  const group = Object.entries(commands).find(([key]) => key === what)?.[1];
  const command = group && Object.hasOwn(group, name) ? group[name] : undefined;
  if (!command) throw new Mistake(`There is no command "${`${what} ${name}`.trim()}"; see --help.`);

  const house = await openHousehold(await scriptSettings());
  try {
    process.stdout.write(await command(house, args));
  } finally {
    await house.close();
  }
});
