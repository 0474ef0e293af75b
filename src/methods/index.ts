/**
 * Every method there is. Adding one means adding its folder and its line here; the key is
 * its settings section, form value, view folder and locale key.
 */
import { approve } from './approve/index.ts';
import { call } from './call/index.ts';
import { code } from './code/index.ts';
import { email } from './email/index.ts';
import type { Method } from './method.ts';
import { openMethod, type OpenMethod } from './open.ts';
import { password } from './password/index.ts';
import type { Ports } from './ports.ts';
import { recoveryCode } from './recovery-code/index.ts';
import { securityKey } from './security-key/index.ts';
import { securityQuestions } from './security-questions/index.ts';
import { temporaryAccessPass } from './temporary-access-pass/index.ts';
import { text } from './text/index.ts';

export const methods = {
  password,
  'security-key': securityKey,
  approve,
  code,
  text,
  call,
  email,
  'security-questions': securityQuestions,
  'recovery-code': recoveryCode,
  'temporary-access-pass': temporaryAccessPass,
} as const;

export type MethodId = keyof typeof methods;

/** Each section is read by its own method again, so nothing unconfigured gets through. */
export function createMethods(
  settings: Readonly<Record<MethodId, unknown>>,
  ports: Ports,
): ReadonlyMap<MethodId, OpenMethod<MethodId>> {
  const all: Readonly<Record<MethodId, AnyMethod>> = methods;
  const ids = Object.keys(methods) as MethodId[]; // exactly these, the literal is ours
  return new Map(ids.map((id) => [id, openMethod(id, all[id], settings[id], ports)]));
}

type AnyMethod = Method<unknown, unknown, unknown, unknown>;
