/**
 * A call on the phone: it rings, says its words, takes keys until #, and ends. One call at a
 * time; others go on ringing until this one is over.
 */
/* global addEventListener, fetch */
import { createCallScreen } from './call-screen.js';
import { hush, ring, say } from './sound.js';

const MOST_KEYS = 20;
const DEAD = 'The line went dead';

/**
 * `announce` hears that a phone rings, `withdraw` that it does no more, and `back` gives focus to
 * what was there before.
 */
export function createCall({ announce, withdraw, back }) {
  const screen = createCallScreen({ press, answer, hangUp, close });
  const over = new Set();
  let call;
  /** ringing, answering, answered, sending or ended; nothing without a call. */
  let stage;
  let keys = '';

  function begin(next) {
    call = next;
    keys = '';
    enter('ringing', 'Doorstep is calling');
    screen.open(nameOf(call), call.to);
    announce(newsOf(call));
    ring();
  }

  function enter(next, words) {
    stage = next;
    if (stage !== 'ringing') withdraw(newsOf(call));
    screen.enter(stage, words);
  }

  async function answer() {
    if (stage !== 'ringing') return;
    stage = 'answering';
    hush();
    const said = await post('answer');
    if (stage !== 'answering') return;
    if (!said) return close();
    says(said);
    enter(said.hearsKeys ? 'answered' : 'listening', 'Connected');
  }

  function press(key) {
    if (stage !== 'answered') return;
    if (key === '#') return void send();
    if (keys.length < MOST_KEYS) keys += key;
    screen.pressed(keys);
  }

  async function send() {
    stage = 'sending';
    const said = await post('keys', { keys });
    if (stage !== 'sending') return;
    if (said) says(said);
    end(said ? 'The call is over' : DEAD);
  }

  function end(words) {
    over.add(call.id);
    enter('ended', words);
  }

  function hangUp() {
    void post('end');
    close();
  }

  function close() {
    over.add(call.id);
    stage = undefined;
    hush();
    withdraw(newsOf(call));
    if (screen.close()) back();
  }

  function says({ text, language }) {
    screen.says(text, language);
    say(text, language);
  }

  async function post(act, body = {}) {
    const answered = await fetch(`/calls/${encodeURIComponent(call.id)}/${act}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      keepalive: true,
    }).catch(() => undefined);
    return answered?.status === 200 ? answered.json() : undefined;
  }

  const isConnected = () => stage === 'answered' || stage === 'listening';
  // Whoever leaves, hangs up.
  addEventListener('pagehide', () => isConnected() && post('end'));

  return {
    /** What the handset knows of calls, newest first; told once a second. */
    show(calls) {
      const ours = calls.find(({ id }) => id === call?.id);
      if (stage === 'ringing' && !isRinging(ours)) close();
      if (isConnected() && !ours?.isOpen) end(DEAD);
      if (stage !== undefined && stage !== 'ended') return;
      const next = calls.findLast((each) => isRinging(each) && !over.has(each.id));
      if (next) begin(next);
    },
  };
}

const isRinging = (call) => call?.isOpen && !call.became;

export const nameOf = ({ owner, phone, to }) => (owner ? `${owner}’s ${phone}` : to);

const newsOf = (call) => `${nameOf(call)} rings`;
