/**
 * What JSON can say (RFC 8259), for what is stored with a question and shown on its page.
 */
export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
