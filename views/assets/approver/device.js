// What kind of phone this is, where that matters.

/** On iPhones and iPads only an installed page is notified, and it has storage of its own. */
export const isInstallFirst = () => navigator.standalone === false && navigator.maxTouchPoints > 1;

export const canBePushed = () =>
  'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;
