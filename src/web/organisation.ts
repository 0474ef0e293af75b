/**
 * What pages and messages show of whoever runs this house, in one language.
 */
export interface Organisation {
  readonly name: string;
  readonly logo?: string | undefined;
  /** Where the browser is set to dark. */
  readonly logoDark?: string | undefined;
  readonly favicon?: string | undefined;
  readonly helpContact?: PerLanguage;
  readonly links?: Readonly<Partial<Record<LinkName, PerLanguage>>> | undefined;
  /** For times whose reader's own zone is unknown (IANA). */
  readonly timeZone?: string | undefined;
}

/** The same for everybody, or by the tag of the language. */
type PerLanguage = string | Readonly<Record<string, string>> | undefined;

type LinkName = 'imprint' | 'privacy' | 'terms';
const LINKS: readonly LinkName[] = ['imprint', 'privacy', 'terms'];

/** As it is printed. The links come in the order in which they are shown. */
export function organisationIn({ links = {}, ...organisation }: Organisation, locale: string) {
  return {
    ...organisation,
    helpContact: textIn(organisation.helpContact, locale),
    links: LINKS.flatMap((name) => {
      const href = textIn(links[name], locale);
      return href === undefined ? [] : [{ name, href }];
    }),
  };
}

/** Where the language is missing, English, or what comes first. */
const textIn = (texts: PerLanguage, locale: string): string | undefined =>
  typeof texts === 'object' ? (texts[locale] ?? texts.en ?? Object.values(texts)[0]) : texts;
