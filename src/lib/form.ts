/**
 * What was typed or pressed, each field once, as a text. How it is read is web/forms.ts.
 */
export type Form = Readonly<Record<string, string>>;
