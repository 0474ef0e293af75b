// The part of the page that pairs: by the address in a QR code, by scanning, or by typing.
import { isAway } from './api.js';
import { isInstallFirst } from './device.js';
import { choose, isBusy, on, part, show } from './page.js';
import { readScanned, readTyped } from './pair-code.js';

/** `pair` takes a code; `isFirst` says whether nothing is paired yet. */
export function createPairPage({ pair, isFirst }) {
  const invited = part('invited');
  const page = part('pair');
  const form = part('typing', page);
  const field = form.querySelector('[name="code"]');
  const more = document.querySelector('[data-act="pair-more"]');
  let code;
  let scanning;
  let isPairing = false;

  for (const name of ['install-before', 'install-first']) show(part(name), isInstallFirst());
  choose(page, 'problem', '');

  /** Opened through a code: asked first, because anybody can send an address. */
  function invite() {
    if (location.hash === '') return false;
    const found = readTyped(location.hash);
    // It must not stay in the history, nor be used again by a reload.
    history.replaceState(null, '', location.pathname + location.search);
    code = found;
    if (!found) {
      open();
      tell(page, 'unreadable');
      return true;
    }
    choose(invited, 'problem', '');
    draw();
    invited.querySelector('h2').focus();
    return true;
  }

  async function use(found, where) {
    if (isPairing) return;
    isPairing = true;
    tell(where, '');
    try {
      await pair(found, nameIn(where));
      close();
    } catch (error) {
      tell(where, isAway(error) ? 'away' : (problems[error.code] ?? 'pairing-over'));
    } finally {
      isPairing = false;
    }
  }

  function tell(where, problem) {
    choose(where, 'problem', problem);
    if (where === page) field.setAttribute('aria-invalid', String(problem !== ''));
  }

  function open() {
    page.dataset.open = '';
    draw();
    page.querySelector('h2').focus();
  }

  function close() {
    code = undefined;
    field.value = '';
    for (const where of [invited, page]) where.querySelector('[name="name"]').value = '';
    scanning?.abort();
    delete page.dataset.open;
    draw();
  }

  function draw() {
    const isOpen = code === undefined && (isFirst() || 'open' in page.dataset);
    show(invited, code !== undefined);
    show(page, isOpen);
    show(more, code === undefined && !isOpen);
    show(page.querySelector('[data-act="pair-close"]'), !isFirst());
  }

  async function scan() {
    const video = page.querySelector('video');
    scanning = new AbortController();
    tell(page, '');
    drawScanning(true);
    try {
      const scanner = await import('./scanner.js');
      const text = await scanner.scan(video, scanning.signal);
      if (text === undefined) return;
      const found = readScanned(text, location.origin);
      if (found) await use(found, page);
      else tell(page, 'foreign-code');
    } catch {
      tell(page, 'camera-refused');
    } finally {
      drawScanning(false);
    }
  }

  function drawScanning(isScanning) {
    const hadFocus = isBusy();
    show(part('camera'), isScanning);
    const [start, stop] = ['scan', 'stop-scan'].map((act) =>
      page.querySelector(`[data-act="${act}"]`),
    );
    show(start, !isScanning);
    show(stop, isScanning);
    if (hadFocus) (isScanning ? stop : start).focus();
  }

  on(invited, 'accept', () => use(code, invited));
  on(invited, 'decline', close);
  on(page, 'scan', scan);
  on(page, 'stop-scan', () => scanning?.abort());
  on(page, 'pair-close', close);
  more.addEventListener('click', open);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const found = readTyped(field.value);
    if (found) use(found, page);
    else tell(page, 'unreadable');
  });
  addEventListener('hashchange', invite);

  return { draw, invite };
}

/** What the phone is to be called; a scanned code comes past the form's field. */
const nameIn = (where) => where.querySelector('[name="name"]').value.trim();

const problems = { 'too-many-tries': 'too-many-tries' };
