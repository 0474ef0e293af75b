/**
 * The cards of the phone and of the desk: a text, a call, a mail, an authenticator's account, a person.
 */
import { button, copyButton, element } from './element.js';

export const timeOf = (instant) =>
  new Date(instant).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

const spaced = (code) =>
  code.length % 2 === 0 ? `${code.slice(0, code.length / 2)} ${code.slice(code.length / 2)}` : code;

const codeRow = (code, whose) =>
  element(
    'div',
    'row',
    element('span', 'code', spaced(code)),
    copyButton(code, `the code ${whose}`),
  );

export function textCard({ to, owner, text, code, receivedAt }) {
  const whose = owner ? `${owner}, ${to}` : to;
  return element(
    'li',
    'card',
    element('div', 'meta', element('span', '', `To ${whose}`), timeOf(receivedAt)),
    element('p', '', text),
    ...(code ? [codeRow(code, `sent to ${whose}`)] : []),
  );
}

export function callCard({ to, owner, phone, became, isOpen, receivedAt }) {
  const whose = owner ? `${owner}’s ${phone}, ${to}` : to;
  const words = { answered: isOpen ? 'Connected' : 'Answered', declined: 'Declined' };
  return element(
    'li',
    'card',
    element('div', 'meta', element('span', '', `To ${whose}`), timeOf(receivedAt)),
    element('strong', '', words[became] ?? (isOpen ? 'Rings' : 'Missed')),
  );
}

export function mailCard({ to, from, subject, text, code, receivedAt }) {
  return element(
    'li',
    'card',
    element('div', 'meta', element('span', '', `${from} → ${to}`), timeOf(receivedAt)),
    element('strong', '', subject),
    element('p', '', text),
    ...(code ? [codeRow(code, `mailed to ${to}`)] : []),
  );
}

export const entryCard = (remove) =>
  function ({ id, issuer, account, code, isDemo }) {
    const left = element('progress');
    left.max = 30;
    left.setAttribute('aria-label', 'Seconds left');
    const whose = issuer ? `${account} at ${issuer}` : account;
    const made = element(
      'li',
      'card',
      element(
        'div',
        'row',
        element(
          'div',
          'named',
          element('strong', '', issuer || account),
          ...(issuer ? [element('span', 'meta', account)] : []),
        ),
        ...(isDemo ? [] : [button('Remove', whose, () => remove(id), 'quiet')]),
      ),
      codeRow(code, `of ${whose}`),
      left,
    );
    made.dataset.id = id;
    return made;
  };

/** A number that somebody may set up on the way. */
const spareRow = ({ owner, number, country }) =>
  element(
    'div',
    'row meta',
    element('span', '', `For texts and calls: ${country}, ${number}`),
    copyButton(number, `${owner}’s number`, 'quiet'),
  );

export const personCard = ({ open, pair }) =>
  function (person) {
    const { username, owner, name, number, country, officeNumber, password } = person;
    const made = element(
      'li',
      'card',
      element(
        'div',
        'named',
        element('strong', '', name),
        ...(number && !country ? [element('span', 'meta', number)] : []),
        ...(officeNumber ? [element('span', 'meta', `Office phone ${officeNumber}`)] : []),
      ),
      ...(country ? [spareRow(person)] : []),
      element(
        'div',
        'row',
        element('code', '', username),
        element('code', 'password', password),
        copyButton(password, `${owner}’s password`, 'quiet'),
      ),
      element(
        'div',
        'acts',
        button('Open the approval app', `of ${owner}`, () => open(person)),
        button('Pair from the open page', `for ${owner}`, () => pair(person), 'second'),
      ),
    );
    made.dataset.phone = username;
    return made;
  };

export function paper({ owner, codes }) {
  return element(
    'details',
    'paper',
    element('summary', '', `${owner}’s recovery codes`),
    element('ol', '', ...codes.map((code) => element('li', '', code))),
  );
}
