/**
 * The part of an update by which what an account is signed in to counts no more. Of two sign-outs
 * the later stays, whichever is stored first: who computed the time may have waited since.
 */
export const signingOut = (signedOutAt: Date | undefined) =>
  signedOutAt ? { $max: { signedOutAt } } : {};
