// Keeps the approver's page and its files for times without a connection, and shows what is
// pushed while nobody looks. The server puts `shell` in front: what to keep, and its version.
const CACHE = `approver ${shell.version}`;
const WORDS = 'approver words';

self.addEventListener('install', (event) => event.waitUntil(keep().then(() => skipWaiting())));
self.addEventListener('activate', (event) => event.waitUntil(takeOver()));

self.addEventListener('fetch', (event) => {
  const address = keptAs(event.request);
  if (address) event.respondWith(kept(address, event.request));
});

self.addEventListener('push', (event) => event.waitUntil(notify(event.data)));

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(openApprover());
});

// The page tells the server of the new one at its next visit.
self.addEventListener('pushsubscriptionchange', (event) => {
  const { options } = event.oldSubscription ?? {};
  if (options) event.waitUntil(registration.pushManager.subscribe(options).catch(() => {}));
});

async function keep() {
  const cache = await caches.open(CACHE);
  const requests = [shell.page, ...shell.files].map((url) => new Request(url, { cache: 'reload' }));
  await cache.addAll(requests);
}

async function takeOver() {
  const names = await caches.keys();
  const old = names.filter((name) => name !== CACHE && name !== WORDS);
  await Promise.all(old.map((name) => caches.delete(name)));
  await clients.claim();
}

/** Answers of the server to this phone are never kept: only what is the same for everybody. */
function keptAs({ method, url, mode }) {
  const { origin, pathname } = new URL(url);
  if (method !== 'GET' || origin !== location.origin) return undefined;
  if (mode === 'navigate') return pathname === shell.page ? pathname : undefined;
  return shell.files.includes(pathname) ? pathname : undefined;
}

async function kept(address, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(address)) ?? fetch(request);
}

/** What is pushed says who is asked and by which app; the words were left by the page. */
async function notify(data) {
  const { account, client } = read(data);
  const words = await (await caches.match('/approver/words', { cacheName: WORDS }))?.json();
  await registration.showNotification(words?.title ?? location.host, {
    body: [client, account].filter(Boolean).join('\n') || (words?.text ?? ''),
    // One at a time: the page shows all that is asked.
    tag: 'request',
    renotify: true,
    icon: '/assets/approver/icon-192.png',
    lang: words?.lang ?? '',
  });
}

function read(data) {
  try {
    return data?.json() ?? {};
  } catch {
    return {};
  }
}

async function openApprover() {
  const windows = await clients.matchAll({ type: 'window' });
  const there = windows.find(({ url }) => new URL(url).pathname === shell.page);
  await (there ? there.focus() : clients.openWindow(shell.page));
}
