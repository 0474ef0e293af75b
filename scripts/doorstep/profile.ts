/**
 * What is known of a person, on the command line: the options that say it, and the command that
 * changes it. Which of it is well-formed is decided in src/administration/person.ts.
 */
import { defineCommand } from './command.ts';
import { isSoAlready, named } from './print.ts';
import { reasonHelp, reasonIn, reasonOption } from './reason.ts';
import { Misuse } from './run.ts';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

export const profileOptions = {
  name: text,
  'given-name': text,
  'family-name': text,
  email: text,
  'email-verified': flag,
  locale: text,
  zoneinfo: text,
  'phone-number': text,
  'phone-number-verified': flag,
  'street-address': text,
  'postal-code': text,
  locality: text,
  region: text,
  country: text,
} as const;

export const profileHelp = `
  --email ada@example.org    signs in, too
  --email-verified           it is theirs; apps are told so
  --given-name Ada --family-name Ekberg
  --locale de-AT --zoneinfo Europe/Vienna
  --phone-number +14255550134 --phone-number-verified   for apps; a second step is a method
  --street-address, --postal-code, --locality, --region, --country`;

type Values = {
  readonly [Name in keyof typeof profileOptions]?: (typeof profileOptions)[Name] extends typeof flag
    ? boolean
    : string;
};

export function profileFrom(values: Values) {
  const address = {
    ...said('streetAddress', values['street-address']),
    ...said('postalCode', values['postal-code']),
    ...said('locality', values.locality),
    ...said('region', values.region),
    ...said('country', values.country),
  };
  return {
    ...said('name', values.name),
    ...said('givenName', values['given-name']),
    ...said('familyName', values['family-name']),
    ...said('email', values.email),
    ...said('emailVerified', values['email-verified']),
    ...said('locale', values.locale),
    ...said('zoneinfo', values.zoneinfo),
    ...said('phoneNumber', values['phone-number']),
    ...said('phoneNumberVerified', values['phone-number-verified']),
    ...(Object.keys(address).length > 0 && { address }),
  };
}

const said = <Name extends string, Value>(name: Name, value: Value | undefined) =>
  (value === undefined ? {} : { [name]: value }) as Readonly<Partial<Record<Name, Value>>>;

const opposites = { 'email-unverified': flag, 'phone-number-unverified': flag } as const;

export const update = defineCommand({
  names: ['<username>'],
  takes: '[options]',
  about: `Changes what is known of somebody; what is not named stays as it is.
A new mail address or number counts as not verified unless that is said too.

  --name "Ada Ekberg"${profileHelp}
  --email-unverified, --phone-number-unverified
${reasonHelp}`,
  options: { ...profileOptions, ...opposites, ...reasonOption },
  async run({ administration }, { names: [username], values }) {
    for (const what of ['email', 'phone-number'] as const) {
      if (values[`${what}-verified`] && values[`${what}-unverified`]) {
        throw new Misuse(`--${what}-verified and --${what}-unverified cannot both be so.`);
      }
    }
    const person = {
      ...profileFrom(values),
      ...(values['email-unverified'] && { emailVerified: false }),
      ...(values['phone-number-unverified'] && { phoneNumberVerified: false }),
    };
    if (Object.keys(person).length === 0) throw new Misuse('Nothing is to be changed; see --help.');
    const wish = { said: person, reason: reasonIn(values) };
    const account = await administration.accounts.change(username, wish);
    const name = named(account.username);
    return account.isChanged ? `${name} is changed.\n` : isSoAlready(name);
  },
});
