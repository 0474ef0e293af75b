/**
 * The acts of administration, with what comes around each of them, so that none can be forgotten.
 */
type Act = (...given: never[]) => unknown;
export type Acts = Readonly<Record<string, Readonly<Record<string, Act>>>>;

/** `accounts.disable`. */
export type ActName<All extends Acts> = {
  [Group in keyof All & string]: `${Group}.${keyof All[Group] & string}`;
}[keyof All & string];

/** All of them answer later; what comes piece by piece begins to come then. */
export type Around<All extends Acts> = {
  readonly [Group in keyof All]: {
    readonly [Name in keyof All[Group]]: (
      ...given: Parameters<All[Group][Name]>
    ) => Promise<Awaited<ReturnType<All[Group][Name]>>>;
  };
};

/** Does an act, or throws what keeps it from being done. */
type Run<All extends Acts> = (name: ActName<All>, act: () => unknown) => Promise<unknown>;

export function aroundEach<All extends Acts>(all: All, run: Run<All>): Around<All> {
  const mapped = (group: string, acts: Readonly<Record<string, Act>>) =>
    Object.entries(acts).map(([name, act]) => [
      name,
      async (...given: never[]) => run(`${group}.${name}` as ActName<All>, () => act(...given)),
    ]);
  return Object.fromEntries(
    Object.entries(all).map(([group, acts]) => [group, Object.fromEntries(mapped(group, acts))]),
  ) as Around<All>; // Object.fromEntries forgets which key it was given.
}
