/**
 * Every kind of credential there is, under its id.
 */
import { app } from './app.ts';
import { email } from './email.ts';
import { password } from './password.ts';
import { phone } from './phone.ts';
import { recoveryCodes } from './recovery-codes.ts';
import { securityKey } from './security-key.ts';
import { securityQuestions } from './security-questions.ts';
import { temporaryAccessPass } from './temporary-access-pass.ts';

export const kinds = {
  password,
  phone,
  app,
  email,
  'security-key': securityKey,
  'security-questions': securityQuestions,
  'recovery-codes': recoveryCodes,
  'temporary-access-pass': temporaryAccessPass,
} as const;

export type KindId = keyof typeof kinds;
