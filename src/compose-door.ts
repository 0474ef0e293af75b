/**
 * The one door, put together: the methods behind it, and what it is given of the other rooms.
 */
import { createCallbackAddresses } from './flow/callback-address.ts';
import { seedsAfter } from './administration/spent-seeds.ts';
import { createDevices } from './approver/devices.ts';
import { createNewPasswords } from './flow/new-password.ts';
import { createPair, createPairings } from './approver/pair.ts';
import { createPriceList } from './channels/prices.ts';
import { isNumberServed } from './credentials/phone-country.ts';
import { normaliseIdentifier } from './models/account.ts';
import { createAccountRecords } from './models/account-records.ts';
import { wordsAbout } from './credentials/password-rules.ts';
import { recoveryCodes } from './credentials/recovery-codes.ts';
import type { Audit } from './audit/audit.ts';
import { createRetire } from './security-info/retire.ts';
import { createStillHere } from './security-info/still-here.ts';
import type { AppDeps, Rooms } from './services.ts';
import { createDoor } from './verification/door.ts';
import { createAdmissionBudget } from './verification/rate-limits/admission-budget.ts';

type House = Rooms & { readonly audit: Audit };

/** The one door, with the methods behind it. */
export function createVerification({ settings, clock, log }: AppDeps, house: House) {
  const { crypt, accounts, messages, methodRules } = house;
  const { issuer, organisation, limits } = settings;
  const approverAt = `${issuer}/approver`;
  const devices = createDevices({ accounts, crypt });
  const addresses = createCallbackAddresses({ issuer, crypt, clock });
  const door = createDoor({
    ...{ ...house, ...methodRules, clock, log },
    render: (said) => messages.render(said).text,
    renderMail: (said) => messages.render({ ...said, channel: 'mail' }),
    forgetAddressee: (gone) => devices.forgetAddress(gone),
    seedFor: (username) => crypt.digest(normaliseIdentifier(username), 'methods/pretend'),
    answerAt: (question) => addresses.addressOf(question),
    issuer: organisation.name,
    isStillHere: createStillHere(createAccountRecords(house.records)),
    retired: createRetire({
      ...{ crypt, clock },
      seedsAfter: (account, gone) => seedsAfter(account, gone, { crypt, clock }),
    }),
    pairings: createPairings({ crypt, clock, approverAt }),
    issued: recoveryCodes,
    phoneCountries: () => house.policy.current().phoneCountries,
    wordsAbout: (account) => wordsAbout(account, organisation.name),
    wordings: (key) => house.languages.wordings(key),
    priceOf: createPriceList(settings.channels.prices),
    isServed: (telephone) => isNumberServed(telephone, house.policy.current().phoneCountries),
    alarmAtPercent: limits.sends.alarmAtPercent,
    attemptsPerChallenge: limits.wrongSecondFactors.mostPerChallenge,
    secondStepWithinSeconds: limits.secondStepWithinSeconds,
  });
  const pair = createPair({ ...house, methods: methodRules.methods, asks: door, clock });
  const newPasswords = createNewPasswords({
    ...{ ...house, clock },
    organisation: organisation.name,
  });
  const countAdmission = createAdmissionBudget({ ...house, ...methodRules, clock, log });
  const hasMail = house.channels.mail !== undefined;
  return {
    ...door,
    ...methodRules,
    addresses,
    devices,
    pair,
    newPasswords,
    countAdmission,
    hasMail,
  };
}

export type OpenDoor = ReturnType<typeof createVerification>;
