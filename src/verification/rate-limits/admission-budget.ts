/**
 * How often an account's owner may be mailed to let a browser in: counted alike for a name that
 * nobody has, so that it takes as long.
 */
import type { Crypt } from '../../lib/crypt.ts';
import { Problem } from '../../lib/problem.ts';
import { normaliseIdentifier } from '../../models/account.ts';
import { counterKeys } from '../../models/counter.ts';
import { type CountersDeps, createCounters } from './counters.ts';
import type { Limits } from './limits.ts';

export interface AdmissionBudgetDeps extends CountersDeps {
  readonly limits: Pick<Limits, 'admissions'>;
  readonly crypt: Pick<Crypt, 'digest'>;
}

interface Named {
  readonly id?: string;
  readonly username: string;
}

export type AdmissionBudget = ReturnType<typeof createAdmissionBudget>;

const KEPT_SECONDS = 60 * 60;
const code = 'too-many-mails';

export function createAdmissionBudget(deps: AdmissionBudgetDeps) {
  const { limits, crypt } = deps;
  const counters = createCounters(deps);
  const { admissionMails: key } = counterKeys('sign-in');

  /** Counts one mail more; false where there were too many, which nobody is told. */
  return async function countAdmission({ id, username }: Named): Promise<boolean> {
    const whose = id === undefined ? `name:${normaliseIdentifier(username)}` : `id:${id}`;
    const store = counters.under(`mails:${crypt.digest(whose, 'limits/admission')}`, KEPT_SECONDS);
    try {
      await counters.count(store, { attempt: { [key]: limits.admissions }, code });
      return true;
    } catch (error) {
      if (error instanceof Problem && error.because.length > 0) return false;
      throw error;
    }
  };
}
