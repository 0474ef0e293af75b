/**
 * For clients: what a resource server asks for when it says that a sign-in was not enough
 * (RFC 9470 §3), as parameters of the next authorization request (§4).
 */
export interface Wishes {
  readonly acr_values?: string;
  readonly max_age?: string;
}

/** Undefined when the answer is about something else. */
export function stepUpWishes(answer: Pick<Response, 'status' | 'headers'>): Wishes | undefined {
  const challenge = answer.headers.get('www-authenticate') ?? '';
  if (answer.status !== 401 || !/^Bearer\s/i.test(challenge)) return undefined;
  const said = new Map(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );
  if (said.get('error') !== 'insufficient_user_authentication') return undefined;
  const [acr, age] = [said.get('acr_values'), said.get('max_age')];
  return {
    ...(acr !== undefined && { acr_values: acr }),
    ...(age !== undefined && { max_age: age }),
  };
}
