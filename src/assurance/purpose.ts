/**
 * What something is proved for. Whatever a method may be used for is said in these words.
 */
export type Purpose = (typeof purposes)[number];

export const purposes = ['sign-in', 'reset', 'enrol', 'change'] as const;
