// Counts down until the same may be tried again, and keeps the page until then: what was typed
// stays. Without script, the button leads to a page that says how long.
const again = document.querySelector('.again[data-seconds]');
const form = again.querySelector('form') ?? again.closest('form');
const hint = again.querySelector('.hint');
const end = performance.now() + Number(again.dataset.seconds) * 1000;

function duration(seconds) {
  const [value, unit] = seconds > 99 ? [Math.ceil(seconds / 60), 'minute'] : [seconds, 'second'];
  const format = { style: 'unit', unit, unitDisplay: 'long' };
  return new Intl.NumberFormat(document.documentElement.lang, format).format(value);
}

const left = () => Math.ceil((end - performance.now()) / 1000);

function show() {
  const seconds = left();
  if (seconds > 0) hint.textContent = again.dataset.words.replace('{wait}', duration(seconds));
  else {
    clearInterval(counting);
    if (again.dataset.ready) hint.textContent = again.dataset.ready;
    else hint.remove();
  }
}
const counting = setInterval(show, 1000);

form.addEventListener('submit', (event) => {
  if (left() <= 0) return;
  event.preventDefault();
  // Said once, to whoever cannot see it count, and shown to whoever pressed.
  hint.setAttribute('role', 'status');
  hint.classList.add('notice');
  show();
});
