/**
 * Moves time for everything in this process: our clock, oidc-provider's and the embedded
 * database's. Nothing waits; timers run as always. The processes of workers.ts follow.
 */
const RealDate = Date;
let offset = 0;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given: readonly unknown[], newTarget) =>
    Reflect.construct(
      target,
      given.length > 0 ? given : [target.now() + offset],
      newTarget,
    ) as Date,
  get: (target, key, receiver) =>
    key === 'now' ? () => target.now() + offset : (Reflect.get(target, key, receiver) as unknown),
});

export const clock = {
  advance({ days = 0, hours = 0, minutes = 0, seconds = 0 }: Span): void {
    offset += (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
  },
  /** Back to the real time; stories do so when they close their house. */
  reset(): void {
    offset = 0;
  },
  /** How far it is from the real time. */
  get offsetMilliseconds(): number {
    return offset;
  },
  set offsetMilliseconds(milliseconds: number) {
    offset = milliseconds;
  },
};

interface Span {
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
}
