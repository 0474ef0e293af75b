/**
 * What the push service of tests knows, it knows from the RFCs and not from our driver.
 */
import { expect } from 'chai';

import { readPush } from '../../support/push-subscriber.ts';
import { faultIn, readVapid } from '../../support/vapid.ts';

describe('the push service of tests', () => {
  it('reads what RFC 8291 wrote (Appendix A)', () => {
    const written =
      'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmY' +
      'WAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexS' +
      'gSxsj_Qulcy4a-fN';
    const keys = {
      privateKey: 'q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94',
      p256dh:
        'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
      auth: 'BTBZMqHH6r4Tts7J_aSIgg',
    };
    const message = Buffer.from(written, 'base64url');
    expect(readPush(message, keys)).to.equal('When I grow up, I want to be a watermelon');
    expect(() => readPush(message, { ...keys, auth: 'CTBZMqHH6r4Tts7J_aSIgg' })).to.throw();
  });

  it('knows the sender of RFC 8292 (section 2.4)', () => {
    const key =
      'BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs';
    const token =
      'eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAi' +
      'OjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9GAu_HL' +
      'GkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA';
    const claims = readVapid(`vapid t=${token},k=${key}`, key);
    expect(claims).to.include({ aud: 'https://push.example.net', sub: 'mailto:push@example.com' });
    expect(faultIn(claims, 'https://push.example.net')).to.match(/out of date/);
    expect(faultIn(claims, 'https://push.example.org')).to.match(/another service/);
    const forged = `${token.slice(0, -10)}A${token.slice(-9)}`;
    expect(() => readVapid(`vapid t=${forged},k=${key}`, key)).to.throw(/wrong/);
  });
});
