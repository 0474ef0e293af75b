/**
 * What the phone sounds like: a soft ring, and a voice that says what a call says. Neither is
 * ever waited for, and one switch silences both.
 */
/* global AudioContext, localStorage, navigator, SpeechSynthesisUtterance */

const LOUDNESS = 0.04;
const TONES = [440, 480];
const RINGS = 8;
/** In seconds: a ring, and the same again after it. */
const RING = 1;
const EVERY = 4;

const voice = globalThis.speechSynthesis;
let ringing;

export const isMuted = () => localStorage.getItem('muted') === 'true';

export function mute(muted) {
  localStorage.setItem('muted', String(muted));
  if (muted) hush();
}

/** Until it is hushed; a page that nobody has clicked on yet may make no sound. */
export function ring() {
  if (isMuted() || !navigator.userActivation?.hasBeenActive) return;
  ringing = new AudioContext();
  const volume = ringing.createGain();
  volume.gain.value = 0;
  volume.connect(ringing.destination);
  for (let each = 0; each < RINGS; each += 1) ringOnce(volume.gain, each * EVERY);
  for (const tone of TONES) {
    const oscillator = ringing.createOscillator();
    oscillator.frequency.value = tone;
    oscillator.connect(volume);
    oscillator.start();
  }
}

function ringOnce(gain, at) {
  gain.setTargetAtTime(LOUDNESS, at, 0.05);
  gain.setTargetAtTime(0, at + RING, 0.1);
}

export function say(text, language) {
  hush();
  if (!voice || isMuted()) return;
  const words = new SpeechSynthesisUtterance(text);
  words.lang = language;
  voice.speak(words);
}

export function hush() {
  ringing?.close();
  ringing = undefined;
  voice?.cancel();
}
