// What this phone knows: one record per paired account, in the browser's own database. Keys lie
// there as CryptoKeys that nothing can read, this page included.
const STORE = 'accounts';

/** Several phones may live in one browser: `?phone=ada` is one of its own. */
const phone = new URLSearchParams(location.search).get('phone') ?? '';
const name = /^[a-z0-9-]{1,32}$/.test(phone) ? `approver-${phone}` : 'approver';

let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'device' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

/** Resolves when it is on the disk: what was written must survive whatever is done next. */
async function write(act) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, 'readwrite', { durability: 'strict' });
    let result;
    act(transaction.objectStore(STORE), (value) => (result = value));
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = () => reject(transaction.error);
  });
}

/** In the order in which they were paired. */
export async function readAccounts() {
  const database = await open();
  return new Promise((resolve, reject) => {
    const request = database.transaction(STORE).objectStore(STORE).getAll();
    const byAge = (one, other) => one.pairedAt - other.pairedAt;
    request.onsuccess = () => resolve(request.result.sort(byAge));
    request.onerror = () => reject(request.error);
  });
}

export const addAccount = (account) => write((store) => store.add(account));

export const removeAccount = (device) => write((store) => store.delete(device));

/** Changes what is there, in one step; of an account that is gone nothing comes back. */
export function changeAccount(device, change) {
  return write((store, done) => {
    const request = store.get(device);
    request.onsuccess = () => {
      if (!request.result) return;
      const changed = { ...request.result, ...change(request.result) };
      store.put(changed);
      done(changed);
    };
  });
}

/** Each number once, however many windows are open: it is stored before it is used. */
export async function nextCounter(device) {
  const changed = await changeAccount(device, ({ counter }) => ({ counter: counter + 1 }));
  return String(changed.counter);
}
