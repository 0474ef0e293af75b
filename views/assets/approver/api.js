// How the approver talks to its server: forms go there, JSON comes back. No cookie is sent, so
// whatever is asked is answered for what was signed and for nothing else.
const PATIENCE_MILLISECONDS = 15_000;

/** The server said no, and why. */
export class Refusal extends Error {
  constructor(status, code) {
    super(`${status} ${code}`);
    this.status = status;
    this.code = code;
  }
}

/** Whether nobody has judged yet: the connection or the server is away, and may come back. */
export const isAway = (error) => !(error instanceof Refusal) || error.status >= 500;

/** Throws Refusal, or whatever fetch throws where no answer comes. */
export async function post(act, fields = {}) {
  const signal = AbortSignal.timeout(PATIENCE_MILLISECONDS);
  const response = await send(act, fields, 'application/json', signal);
  return response.status === 204 ? undefined : response.json();
}

/** An answer that goes on: its text, piece by piece. */
export async function openStream(act, fields, signal) {
  const response = await send(act, fields, 'text/event-stream, application/json', signal);
  return response.body.pipeThrough(new TextDecoderStream()).getReader();
}

async function send(act, fields, accept, signal) {
  const response = await fetch(`/approver/${act}`, {
    method: 'POST',
    headers: { accept },
    body: new URLSearchParams(fields),
    ...{ credentials: 'omit', cache: 'no-store', redirect: 'error', signal },
  });
  if (response.ok) return response;
  const { error = 'internal' } = await response.json().catch(() => ({}));
  throw new Refusal(response.status, error);
}
