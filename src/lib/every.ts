/**
 * Something done again and again beside the requests: never twice at once, and what fails is
 * told and tried again the next time.
 */
export interface Repeating {
  /** Resolves when what was begun is done. */
  stop(): Promise<void>;
}

export function every(
  milliseconds: number,
  run: () => Promise<void>,
  failed: (error: unknown) => void,
): Repeating {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= run()
      .catch(failed)
      .finally(() => (running = undefined));
  }, milliseconds).unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
