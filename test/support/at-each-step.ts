/**
 * How to get to every step of a sign-in, so that what holds for all of them is tested at
 * each. A step without a way fails to compile.
 */
import type { MethodId } from '../../src/methods/index.ts';
import { createAccounts } from '../../src/models/account.ts';
import type { StepName } from '../../src/sign-in/steps.ts';
import { clock } from './clock.ts';
import type { House } from './house.ts';
import { keyOf } from './keys.ts';
import { appCode, people } from './people.ts';
import { atPairing, pairingCodeOn } from './paired-people.ts';
import { createPhone, dansPhone } from './phone.ts';
import type { Visitor } from './visitor.ts';

/** What a house must be for all of them: most stories are of people who are not called. */
export const everyWay = {
  policy: { methods: { call: { signIn: true }, 'security-key': { signIn: true } } },
};

type Way = (house: House) => Promise<Visitor>;

/** Named after the step, with the method where a step looks different for each. */
export const ways: Readonly<Record<Place, Way>> = {
  identify: async (house) => {
    const ada = house.visitor('ada');
    await ada.opens(await house.shop.signIn());
    return ada;
  },
  'pick-account': async (house) => {
    const ada = await house.atSecondStep('ada');
    await ada.says({ code: ada.code() });
    await ada.opens(await house.shop.signIn({ prompt: 'select_account' }));
    return ada;
  },
  'answer, password': async (house) => {
    const ada = await ways.identify(house);
    await ada.says({ identifier: 'ada' });
    return ada;
  },
  'let-in': async (house) => {
    const ada = await ways['answer, password'](house);
    await change(house, ada, { $set: { 'facts.lettingIn': true }, $unset: { challenge: 1 } });
    await ada.reloads();
    return ada;
  },
  'answer, security-key': async (house) => {
    await keyOf(house, 'ada');
    return house.atSecondStep('ada');
  },
  'answer, approve': (house) => house.atSecondStep('dan'),
  'answer, code': (house) => house.atSecondStep('ada'),
  'answer, text': (house) => house.atSecondStep('bob'),
  'answer, call': async (house) => {
    const ada = await ways.choose(house);
    await ada.says({ method: 'call', credential: 'phone' });
    return ada;
  },
  'answer, recovery-code': async (house) => {
    const ada = await ways.choose(house);
    await ada.says({ method: 'recovery-code', credential: 'codes' });
    return ada;
  },
  'answer, security-key to add': async (house) => {
    const cleo = await ways.enrol(house);
    await cleo.says({ method: 'security-key' });
    return cleo;
  },
  'answer, approve to add': async (house) => {
    const cleo = await atPairing(house);
    await createPhone(house.issuer).pairs(pairingCodeOn(cleo));
    await cleo.reloads();
    return cleo;
  },
  'answer, code to add': async (house) => {
    const cleo = await ways.enrol(house);
    await cleo.says({ method: 'code' });
    return cleo;
  },
  'answer, text to add': async (house) => {
    const cleo = await ways.add(house);
    await cleo.says({ country: 'DE', number: '0151 23456789' });
    return cleo;
  },
  'answer, call to add': async (house) => {
    const cleo = await ways.add(house);
    await cleo.says({ country: 'DE', number: '030 123456', method: 'call' });
    return cleo;
  },
  // A crash right after the password leaves a sign-in that nobody has been asked in.
  begin: async (house) => {
    const bob = await house.atSecondStep('bob');
    await change(house, bob, { $unset: { challenge: 1 } });
    await bob.reloads();
    return bob;
  },
  choose: async (house) => {
    const ada = await house.atSecondStep('ada');
    await ada.presses('another-way');
    return ada;
  },
  'enrol-intro': (house) => house.atSecondStep('cleo'),
  enrol: async (house) => {
    const cleo = await ways['enrol-intro'](house);
    await cleo.says({});
    return cleo;
  },
  add: async (house) => {
    const cleo = await ways.enrol(house);
    await cleo.says({ method: 'text' });
    return cleo;
  },
  'add, approve': atPairing,
  'recovery-codes': async (house) => {
    const cleo = await ways['answer, code to add'](house);
    const seed = cleo.html().querySelector('.secret')?.text.replaceAll(/\s/g, '') ?? '';
    await cleo.says({ code: appCode(seed) });
    return cleo;
  },
  registered: async (house) => {
    const ada = await ways.consent(house);
    const added = { method: 'code', credential: 'app' };
    await change(house, ada, { $set: { 'facts.added': added } });
    await ada.reloads();
    return ada;
  },
  'codes-left': async (house) => {
    const ada = await ways['answer, recovery-code'](house);
    await ada.says({ code: people.ada.recoveryCodes[0] });
    return ada;
  },
  // Nothing else is different for him before the end, so other ways may be gone afterwards.
  'new-password': async (house) => {
    await createAccounts(house.connection).requirePasswordChange('id-bob', { dueAt: new Date() });
    const bob = await ways['answer, text'](house);
    await bob.says({ code: house.carrier.lastCode(people.bob.phone) });
    return bob;
  },
  consent: async (house) => {
    const ada = house.visitor('ada');
    await ada.opens(await house.partner.signIn());
    await ada.identifies();
    await ada.says({ code: ada.code() });
    return ada;
  },
  // A crash right before the last POST was answered.
  finish: async (house) => {
    const ada = await ways.consent(house);
    await change(house, ada, { $set: { 'facts.consented': true } });
    await ada.reloads();
    return ada;
  },
  denied: async (house) => {
    const dan = await house.atSecondStep('dan');
    await (await dansPhone(house.issuer)).denies();
    await dan.reloads();
    return dan;
  },
  expired: async (house) => {
    const ada = await house.atSecondStep('ada');
    clock.advance({ minutes: 10 });
    await ada.reloads();
    return ada;
  },
};

/**
 * Nobody gets to `no-way` while the configuration keeps its promise that there is a way, nor to
 * `confirm-methods` before policy wants it.
 */
type Place =
  | Exclude<StepName, 'answer' | 'no-way' | 'confirm-methods' | 'over'>
  | 'add, approve'
  | `answer, ${Asked}`;
type Added = 'security-key' | 'approve' | 'code' | 'text' | 'call';
/** Some are asked in no sign-in. */
type Asked =
  Exclude<MethodId, 'email' | 'security-questions' | 'temporary-access-pass'> | `${Added} to add`;

export const uidOf = (visitor: Visitor): string => visitor.at().pathname.split('/')[2] ?? '';

export const flowOf = async (house: House, visitor: Visitor): Promise<string> =>
  JSON.stringify(await house.connection.model('Flow').findById(uidOf(visitor)).lean().exec());

const change = async (house: House, visitor: Visitor, update: object): Promise<void> => {
  await house.connection.model('Flow').updateOne({ _id: uidOf(visitor) }, update);
};
