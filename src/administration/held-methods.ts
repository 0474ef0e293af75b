/**
 * The methods of an account as lists, notices and the command line name them: never a secret, and
 * only what their owner would recognise them by.
 */
import type { Way } from '../assurance/way.ts';
import { kinds } from '../credentials/index.ts';
import type { CredentialKind } from '../credentials/kind.ts';
import { lifeNow, type LifeState } from '../credentials/life.ts';
import { methods } from '../methods/index.ts';
import type { Method } from '../methods/method.ts';
import type { Account, Credential } from '../models/account.ts';
import { Refusal } from './refusal.ts';

export interface HeldMethod {
  readonly id: string;
  /** As policy and people name it. */
  readonly method: string;
  /** Of its credential, as it is stored. */
  readonly kind: string;
  /** A masked number, or a device's name, and of which sort; absent where there is nothing to tell apart. */
  readonly hint?: string;
  readonly addedAt: Date;
  readonly lastUsedAt?: Date;
  /** Its owner said that it is not theirs: it proves nothing until that is lifted. */
  readonly suspendedAt?: Date;
  /** Of what is good for a while: until when, and whether it is just now, where that was asked. */
  readonly endsAt?: Date;
  readonly state?: LifeState;
  /** Whether sign-in begins with it, and how, as a phone may be texted or called. */
  readonly isDefault: boolean;
  readonly defaultMethod?: string;
}

type AnyMethod = Method<unknown, unknown, unknown, unknown>;

function canAsk(method: AnyMethod, { kind, data }: Pick<Credential, 'kind' | 'data'>): boolean {
  if (method.credential.id !== kind) return false;
  const stored = method.credential.stored.safeParse(data);
  return stored.success && (method.suits?.(stored.data) ?? true);
}

/** The first of these that a sign-in could begin with by this method; undefined where none is. */
export function wayBy(
  id: string,
  credentials: readonly Pick<Credential, 'id' | 'kind' | 'data'>[],
): Way | undefined {
  const all: Readonly<Record<string, AnyMethod>> = methods;
  const method = Object.hasOwn(all, id) ? all[id] : undefined;
  if (!method?.canBeDefault) return undefined;
  const first = credentials.find((credential) => canAsk(method, credential));
  return first && { method: id, credential: first.id };
}

/** As people know it who verify with it; notices and the command line name it so. */
export function methodOf({ kind, data }: Pick<Credential, 'kind' | 'data'>): string {
  const all: readonly (readonly [string, AnyMethod])[] = Object.entries(methods);
  return (all.find(([, method]) => canAsk(method, { kind, data })) ??
    // Of what cannot be read, what any of its kind may be.
    all.find(([, method]) => method.credential.id === kind && !method.suits) ?? [kind])[0];
}

export const heldMethods = ({ credentials, preferred }: Account, now?: Date): HeldMethod[] =>
  credentials.map((credential) => heldMethod(credential, preferred, now));

/** For lists: never the secret, and only what its owner would recognise it by. */
export function heldMethod(credential: Credential, preferred?: Way, now?: Date): HeldMethod {
  const { id, kind, data, addedAt, lastUsedAt, suspendedAt } = credential;
  const hint = hintOf({ kind, data });
  const isDefault = preferred?.credential === id;
  return {
    ...{ id, method: methodOf({ kind, data }), kind, addedAt },
    ...(hint !== undefined && { hint }),
    ...(lastUsedAt && { lastUsedAt }),
    ...(suspendedAt && { suspendedAt }),
    ...(now && lifeOf(credential, now)),
    isDefault,
    ...(isDefault && { defaultMethod: preferred.method }),
  };
}

type AnyKind = CredentialKind<unknown>;

function lifeOf({ kind, data }: Credential, now: Date): Pick<HeldMethod, 'endsAt' | 'state'> {
  const all: Readonly<Record<string, AnyKind>> = kinds;
  const known = all[kind];
  const stored = known?.life && known.stored.safeParse(data);
  const life = lifeNow(stored?.success ? known?.life?.(stored.data) : undefined, now);
  return life ? { endsAt: life.endsAt, state: life.state } : {};
}

function hintOf({ kind, data }: Pick<Credential, 'kind' | 'data'>): string | undefined {
  const all: Readonly<Record<string, AnyKind>> = kinds;
  const known = all[kind];
  const stored = known?.stored.safeParse(data);
  if (!known || !stored?.success) return 'cannot be read';
  const said = [known.hint(stored.data), known.variant?.(stored.data)];
  return said.filter((each) => each !== undefined).join(', ') || undefined;
}

/** By its id; throws Refusal. */
export function heldIn({ username, credentials }: Account, id: string): Credential {
  const held = credentials.find((credential) => credential.id === id);
  if (!held) throw new Refusal('method-unknown', { username, id });
  return held;
}
