/**
 * Every problem a person may be told, and its HTTP status. The code is also the key of its
 * words in views/words.
 */
const statusByCode: Readonly<Record<string, number>> = {
  'not-found': 404,
  'method-not-allowed': 405,
  'wrong-host': 400,
  'uri-too-long': 414,

  'form-invalid': 400,
  'form-too-large': 413,
  csrf: 403,

  // A link in a mail that is used, in another browser perhaps, or too old.
  'link-over': 410,

  // A sign-in that took too long, and one that was begun in another browser.
  'flow-expired': 410,
  'flow-not-here': 400,
  // The app asked for something that we cannot answer with a redirect.
  'request-refused': 400,

  'too-many-tries': 429,
  'too-many-messages': 429,
  'messages-paused': 429,
  'too-many-approvals': 429,
  'asked-too-often': 429,

  // What the approver is told.
  'pairing-over': 410,
  'device-gone': 410,
  'request-over': 410,
  'ticket-over': 401,
  'push-address-refused': 400,

  // At the pages of one's own account.
  'not-signed-in': 403,
  'not-proved': 403,
  'method-needed': 409,
  'restore-over': 410,
  'restore-clashes': 409,

  'answer-about-you': 400,
  'answer-in-question': 400,
  'answer-too-long': 400,
  'answer-too-short': 400,
  'answer-twice': 400,
  'email-held': 400,
  'email-invalid': 400,
  'method-not-offered': 400,
  'question-missing': 400,
  'question-not-offered': 400,
  'question-own-too-long': 400,
  'question-own-too-many': 400,
  'question-own-too-short': 400,
  'question-twice': 400,
  'phone-invalid': 400,
  'phone-country-refused': 400,
  'phone-fixed-line': 400,
  'phone-held': 400,
  'phone-not-mobile': 400,
  'phone-type-held': 400,
  'phone-type-refused': 400,

  busy: 503,
  unavailable: 503,
  internal: 500,
};

/** A code that is missing here is a bug, and looks like one. */
export const statusOf = (code: string): number => statusByCode[code] ?? 500;

export const problemCodes: readonly string[] = Object.keys(statusByCode);
