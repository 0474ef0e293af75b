import { expect } from 'chai';

import { createAlerts } from '../../../src/audit/alerts.ts';
import type { Letter } from '../../../src/audit/notices.ts';
import type { Message } from '../../../src/models/message.ts';
import { loadLanguages } from '../../../src/web/language.ts';
import { createMessages } from '../../../src/web/messages.ts';
import { loadTemplates } from '../../../src/web/templates.ts';
import { event } from '../../support/chain.ts';

const now = new Date('2026-03-01T12:00:30Z');
const until = '2026-03-01T18:00:00.000Z';
const messages = createMessages({
  templates: loadTemplates('views'),
  languages: loadLanguages('views/words'),
  ...{ host: 'localhost', organisation: { name: 'Guild', timeZone: 'UTC', links: {} } },
});
const paused = event('e1', {
  name: 'messages.paused',
  details: { to: '+49 1511••••••', purpose: 'enrol', until },
});
const shrank = event('e2', {
  name: 'budget.shrank',
  details: { to: '', purpose: 'sign-in', used: 350, most: 500 },
});

async function promised(alertsTo: string | undefined, isOn = true) {
  const stored: Message[] = [];
  const alerts = createAlerts({
    messages: {
      async promise(message) {
        stored.push(message);
        return true;
      },
    },
    ...{ isOn, alertsTo, clock: { now: () => now } },
    crypt: { seal: (text) => text, open: (sealed) => sealed },
  });
  await alerts.promise(paused);
  await alerts.promise(shrank);
  return stored;
}

describe('alerts', () => {
  it('say what is paused, for what and until when, and no number', async () => {
    const [first, second] = await promised('security@example.org');
    const letters = [first, second].map((one) => JSON.parse(one?.sealed ?? '') as Letter);
    const [about, budget] = letters.map((letter) =>
      messages.render({ channel: 'mail', ...letter }),
    );
    expect(letters.map(({ to }) => to)).to.deep.equal(Array(2).fill('security@example.org'));
    expect(about?.subject).to.contain('Texts to a group of numbers are paused');
    for (const said of ['+49 1511••••••', 'setting up phones', 'Paused until: Mar']) {
      expect(about?.text.replaceAll(/\s+/g, ' ')).to.contain(said);
      expect(about?.html.replaceAll(/\s+/g, ' ')).to.contain(said);
    }
    expect(budget?.text).to.contain('350').and.contain('500').and.not.contain('Numbers:');
    expect(first?._id).to.equal('e1.alert');
  });

  it('are sent to nobody where nobody is named, or no mail can be sent', async () => {
    expect(await promised(undefined)).to.deep.equal([]);
    expect(await promised('security@example.org', false)).to.deep.equal([]);
  });
});
