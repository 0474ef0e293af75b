/**
 * What a message costs, as carriers' rate decks say it: by the first digits of a number, where
 * the longest that fit win.
 */
import { z } from 'zod';

const LIKE = 'must be like { default: 0.05, 49: 0.075 }, by the first digits of numbers';

const deck = z
  .record(z.string().regex(/^(?:default|[1-9]\d{0,14})$/), z.number().min(0).max(1_000), LIKE)
  .readonly();

/** By channel, in any one currency. */
export const priceSettings = z
  .strictObject({ sms: deck.default({}), voice: deck.default({}) })
  .prefault({});

type Deck = z.infer<typeof deck>;

/** Undefined where it is not known what such a message costs. */
export type PriceOf = (channel: string, number: string) => number | undefined;

export const createPriceList =
  (decks: Readonly<Partial<Record<string, Deck>>>): PriceOf =>
  (channel, number) =>
    priceIn(decks[channel] ?? {}, number.slice(1));

function priceIn(deck: Deck, digits: string): number | undefined {
  for (let length = digits.length; length > 0; length -= 1) {
    const price = deck[digits.slice(0, length)];
    if (price !== undefined) return price;
  }
  return deck.default;
}
