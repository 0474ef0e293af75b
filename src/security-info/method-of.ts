/**
 * A credential as people know it who verify with it: by its first method, or as the one thing that
 * several methods are, and by their own name for it or what is masked of it. Pure.
 */
import type { Way } from '../assurance/way.ts';
import type { Account, Credential } from '../models/account.ts';
import type { MethodRules, Methods, OpenMethod } from '../verification/choices.ts';

export interface Called {
  readonly method: string;
  /** Where several methods are one thing to people, as a phone. */
  readonly kind?: string;
  readonly variant?: string;
  readonly hint?: string;
}

/** Those that can ask for it; of what cannot be read, those of its kind. */
export function methodsOf({ kind, data }: Credential, methods: Methods): readonly OpenMethod[] {
  const its = [...methods.values()].filter((method) => method.kind === kind);
  const suited = its.filter((method) => method.read(data).isSuited);
  return suited.length > 0 ? suited : its;
}

export function calledBy(credential: Credential, methods: Methods): Called {
  const { kind, data } = credential;
  const [method] = methodsOf(credential, methods);
  const { hint, variant } = method?.read(data) ?? {};
  const isOneThing = [...methods.values()].filter((one) => one.addedAs === kind).length > 1;
  return {
    method: method?.id ?? kind,
    ...(isOneThing && { kind }),
    ...(variant !== undefined && { variant }),
    ...(hint !== undefined && { hint }),
  };
}

/** A way to verify, as lists name it. */
export function lineOf(
  { credentials }: Account,
  way: Way,
  { methods }: Pick<MethodRules, 'methods'>,
) {
  const held = credentials.find(({ id }) => id === way.credential);
  const { hint } = (held && methods.get(way.method)?.read(held.data)) ?? {};
  return { method: way.method, ...(hint !== undefined && { hint }) };
}
