/**
 * How one is added, with its own types hidden as a method's are.
 */
import type { ZodType } from 'zod';

import type { Adding } from '../credentials/kind.ts';

export function openAdding<Stored>(
  stored: ZodType<Stored>,
  adding: Adding<Stored>,
): Adding<unknown> {
  const show = adding.show?.bind(adding);
  const offer = adding.offer?.bind(adding);
  const join = adding.join?.bind(adding);
  const clashes = adding.clashes?.bind(adding);
  const draft = adding.draft?.bind(adding);
  return {
    form: adding.form,
    ...(adding.isReplaceable && { isReplaceable: true }),
    ...(adding.isOnDevice && { isOnDevice: true }),
    ...(adding.isSecret && { isSecret: true }),
    ...(adding.isAskedLater && { isAskedLater: true }),
    ...(offer && { offer }),
    ...(draft && { draft: (form, ports) => draft(adding.form.parse(form), ports) }),
    ...(show && { show: (data, ports) => show(stored.parse(data), ports) }),
    ...(clashes && { clashes: (data, held) => clashes(stored.parse(data), held) }),
    ...(join && { join: (data, device) => join(stored.parse(data), device) }),
  };
}
