/**
 * How a call looks on the phone, and the keys for it: those on the screen and the computer's.
 */
/* global document */
import { button, byId } from './element.js';
import { isMuted, mute } from './sound.js';

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];
const NAMES = { '*': 'star', '#': 'hash, which sends the digits' };

export function createCallScreen({ press, answer, hangUp, close }) {
  const screen = byId('call');
  const hangingUp = () => [button('Hang up', '', hangUp, 'end')];
  const acts = {
    ringing: () => [
      button('Decline', 'the call', hangUp, 'end'),
      button('Answer', 'the call', answer, 'answer'),
    ],
    answered: hangingUp,
    listening: hangingUp,
    ended: () => [button('Close', 'the call', close, 'second')],
  };

  byId('call-keypad').replaceChildren(
    ...KEYS.map((key) => button(key, NAMES[key] ?? '', () => press(key))),
  );
  byId('call-sound').checked = !isMuted();
  byId('call-sound').addEventListener('change', ({ target }) => mute(!target.checked));
  document.addEventListener('keydown', (event) => {
    const isOurs = screen.dataset.stage === 'answered' && KEYS.includes(event.key);
    // Some keyboards have # on a second level, which is Ctrl and Alt for some systems.
    const isShortcut = event.metaKey || (event.ctrlKey && !event.altKey);
    if (!isOurs || isShortcut || isBusyElsewhere()) return;
    event.preventDefault();
    press(event.key);
  });

  function enter(stage, words) {
    screen.dataset.stage = stage;
    byId('call-state').textContent = words;
    byId('call-keypad').hidden = stage !== 'answered';
    byId('call-acts').replaceChildren(...acts[stage]());
    focus();
  }

  function focus() {
    if (screen.hidden || isBusyElsewhere()) return;
    const first = ['.answer', '.keypad:not([hidden]) button', '.acts button'];
    first
      .map((each) => screen.querySelector(each))
      .find(Boolean)
      .focus();
  }

  return {
    enter,

    open(whose, number) {
      byId('call-whose').textContent = whose;
      byId('call-number').textContent = number;
      byId('call-said').textContent = byId('call-keys').textContent = '';
      screen.hidden = false;
      document.querySelector('.phone').classList.add('calling');
      focus();
    },

    pressed: (keys) => (byId('call-keys').textContent = keys),

    says(text, language) {
      byId('call-said').lang = language;
      byId('call-said').textContent = text;
    },

    /** Whether focus is lost with it. */
    close() {
      const hadFocus = screen.contains(document.activeElement);
      screen.dataset.stage = '';
      screen.hidden = true;
      document.querySelector('.phone').classList.remove('calling');
      return hadFocus;
    },
  };
}

/** Somebody who types, or is asked something else, is left there. */
const isBusyElsewhere = () =>
  document.querySelector('dialog[open]') !== null ||
  document.activeElement?.matches('input:not([type="checkbox"]), textarea') === true;
