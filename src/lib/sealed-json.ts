/**
 * A value of a declared shape, sealed as JSON where it may live and nowhere else. What comes out
 * was sealed by us, for this place, and has the shape that whoever reads it counts on.
 */
import type { ZodType } from 'zod';

/** A crypt takes the context of a value (lib/crypt.ts); a vault has its own. */
interface Sealer<Where extends readonly string[]> {
  seal(text: string, ...where: Where): string;
  open(sealed: string, ...where: Where): string;
}

export const sealedJson = <Value, Where extends readonly string[]>(
  sealer: Sealer<Where>,
  shape: ZodType<Value>,
) => ({
  seal: (value: Value, ...where: Where): string => sealer.seal(JSON.stringify(value), ...where),

  /** Throws for what was altered, belongs elsewhere, has lost its key or is of another shape. */
  open: (sealed: string, ...where: Where): Value =>
    shape.parse(JSON.parse(sealer.open(sealed, ...where))),

  /** Undefined for all of that. */
  read(sealed: string, ...where: Where): Value | undefined {
    try {
      return this.open(sealed, ...where);
    } catch {
      return undefined;
    }
  },
});
