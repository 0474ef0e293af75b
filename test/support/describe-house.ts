/**
 * A block of stories in one house: each has a day of its own, so that codes and budgets are
 * fresh, and begins with every record as it was when the house was opened.
 */
import { clock } from './clock.ts';
import { type House, openHouse, type Overrides } from './house.ts';
import { rememberRecords } from './records.ts';

/** `moveBack` puts every record back within a story. */
type Stories = (house: House, moveBack: () => Promise<void>) => void;

export function describeHouse(title: string, overrides: Overrides, stories: Stories): void {
  describe(title, () => {
    let opened: House;
    let restore: () => Promise<void>;
    before(async () => {
      opened = await openHouse(overrides);
      restore = await rememberRecords(opened);
    });
    after(() => opened.close());
    beforeEach(async () => {
      clock.advance({ days: 2 });
      opened.carrier.texts.length = 0;
      opened.carrier.calls.length = 0;
      await restore();
    });

    // Stories are written down before the house is there.
    const house = new Proxy<House>(Object.create({}) as House, {
      get: (_, key) => Reflect.get(opened, key) as unknown,
    });
    stories(house, () => restore());
  });
}
