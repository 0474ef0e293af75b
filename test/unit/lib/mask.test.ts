import { expect } from 'chai';

import { maskPhone } from '../../../src/lib/mask.ts';

describe('mask', () => {
  it('shows the country code and the last two digits of a phone', () => {
    expect(maskPhone('1', '+14255550134')).to.equal('+1 ••• 34');
    expect(maskPhone('49', '+4915123456789')).to.equal('+49 ••• 89');
  });
});
