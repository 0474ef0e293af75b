import { expect } from 'chai';

import { openDesk } from '../support/browser.ts';
import { signIns, signOuts } from './walks.ts';

describe('A browser without script (S-200)', () => {
  const desk = openDesk();

  for (const [title, walk] of Object.entries({ ...signIns, ...signOuts })) {
    it(`sees the same pages: ${title}`, async () => {
      const tab = await desk.visitor({ javaScriptEnabled: false });
      const states: string[] = [];
      await walk(desk, tab, async (state) => {
        states.push(state);
        expect(await tab.sees()).to.equal(state.split(',')[0]);
      });
      expect(states).not.to.have.length(0);
    });
  }
});
