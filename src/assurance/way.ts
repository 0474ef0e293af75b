/**
 * A way to verify: which method, and with which of the account's credentials. An account may have
 * two phones, and a phone may be texted or called.
 */
export interface Way {
  readonly method: string;
  /** The credential's id. */
  readonly credential: string;
}

export const isSameWay = (one: Way, other: Way): boolean =>
  one.method === other.method && one.credential === other.credential;
