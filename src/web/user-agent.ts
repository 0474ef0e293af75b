/**
 * A browser's and a system's name from the User-Agent header, for people to recognise. The
 * header is a stranger's text, so the answer is put together from words of ours alone.
 */

/** The first that fits: most browsers also claim to be those further down. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?(iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|Chromium|CriOS)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];

const systems: readonly (readonly [RegExp, string])[] = [
  [/\b(iPhone|iPad)\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

const LOOKED_AT = 512;

/** `Firefox, Windows`, or undefined where neither is known. */
export function browserOf(userAgent: string): string | undefined {
  const head = userAgent.slice(0, LOOKED_AT);
  const named = [browsers, systems].flatMap((known) => {
    const found = known.find(([pattern]) => pattern.test(head));
    return found ? [found[1]] : [];
  });
  return named.length > 0 ? named.join(', ') : undefined;
}
