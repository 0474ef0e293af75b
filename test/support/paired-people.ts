/**
 * People with a paired phone, led there by the pages that pair it.
 */
import type { House } from './house.ts';
import { createPhone, type Phone } from './phone.ts';
import type { Visitor } from './visitor.ts';

export interface Paired {
  readonly visitor: Visitor;
  readonly phone: Phone;
}

/** The number that only the page shows. */
export const numberOn = (visitor: Visitor): string =>
  visitor.html().querySelector('.number')?.text.replaceAll(/\D/g, '') ?? '';

/** The code by which a phone joins. */
export const pairingCodeOn = (visitor: Visitor): string =>
  visitor.html().querySelector('.secret')?.text.replaceAll(/\s/g, '') ?? '';

/** At the page that shows the code. */
export async function atPairing(house: House): Promise<Visitor> {
  const cleo = await house.atSecondStep('cleo');
  await cleo.presses('enrol');
  await cleo.says({ method: 'approve' });
  return cleo;
}

/** Cleo sets her phone up while she signs in, and is signed in. */
export async function pairedCleo(house: House): Promise<Paired> {
  const visitor = await atPairing(house);
  const phone = createPhone(house.issuer);
  await phone.pairs(pairingCodeOn(visitor));
  await visitor.presses('continue');
  await phone.approves(numberOn(visitor));
  await visitor.presses('continue');
  await visitor.presses('saved');
  return { visitor, phone };
}
