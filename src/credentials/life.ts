/**
 * What is good for a while only: from when to when, and whether it has been used up. Judged when it
 * is read; nothing has to happen at the end.
 */
export interface Life {
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly isUsedUp: boolean;
}

export type LifeState = 'not-yet' | 'good' | 'used' | 'over';

export const stateAt = ({ startsAt, endsAt, isUsedUp }: Life, now: Date): LifeState => {
  if (isUsedUp) return 'used';
  if (now >= endsAt) return 'over';
  return now < startsAt ? 'not-yet' : 'good';
};

export interface LifeNow extends Life {
  readonly state: LifeState;
}

/** Undefined for what is good for good. */
export const lifeNow = (life: Life | undefined, now: Date): LifeNow | undefined =>
  life && { ...life, state: stateAt(life, now) };
