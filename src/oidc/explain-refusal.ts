/**
 * Why an app's request was refused, in a sentence for whoever develops the app. Nobody else is
 * told: it says what is registered here, and what is not.
 */
import type { Refusal } from '../web/refusals.ts';

/** Undefined where it was no app's request. What it repeats was cut and escaped for the log. */
export function explainRefusal(refusal: Refusal): string | undefined {
  const { error, client, description, detail, redirect_uri: address } = refusal;
  if (typeof description !== 'string') return undefined;
  const app = typeof client === 'string' ? client : '(no client_id)';
  if (error === 'invalid_redirect_uri' && typeof address === 'string') {
    return `redirect_uri ${address} is not registered for ${app}`;
  }
  if (detail === 'client not found') return `client_id ${app} is not registered`;
  const more = typeof detail === 'string' ? ` (${detail})` : '';
  return `${error}: ${description}${more}, asked by ${app}`;
}
