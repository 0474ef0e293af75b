/**
 * The organisation's colour as a stylesheet: one colour is configured, and every use of it
 * gets the shade that can be read there, by day and by night (WCAG 2.2, 1.4.3 and 1.4.11).
 */

type Rgb = readonly [number, number, number];

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
/** The grounds in views/assets/style.css on which reading is hardest. */
const DAY: Rgb = [0xf1, 0xef, 0xeb];
const NIGHT: Rgb = [0x2b, 0x2e, 0x37];
const READABLE = 4.5;

/** `accent` is `#rrggbb`, as the configuration demands. */
export function brandCss(accent: string): string {
  const colour = parse(accent);
  return `:root{${tokens({ colour, ground: DAY, away: BLACK })}}\n@media (prefers-color-scheme:dark){:root{${tokens({ colour, ground: NIGHT, away: WHITE })}}}\n`;
}

interface Shading {
  readonly colour: Rgb;
  /** What it is read on. */
  readonly ground: Rgb;
  /** Black or white, whichever is far from the ground. */
  readonly away: Rgb;
}

function tokens(shading: Shading): string {
  const shade = readable(shading);
  const ink = contrast(shade, WHITE) >= READABLE ? WHITE : BLACK;
  const pressed = mix(shade, ink === WHITE ? BLACK : WHITE, 0.14);
  return `--accent:${print(shade)};--accent-pressed:${print(pressed)};--on-accent:${print(ink)}`;
}

/** The colour itself, or the nearest one on its way to black or white that can be read. */
function readable({ colour, ground, away }: Shading): Rgb {
  for (let share = 0; share < 1; share += 0.02) {
    const shade = mix(colour, away, share);
    if (contrast(shade, ground) >= READABLE) return shade;
  }
  return away;
}

const parse = (hex: string): Rgb => [channel(hex, 1), channel(hex, 3), channel(hex, 5)];
const channel = (hex: string, at: number): number => Number.parseInt(hex.slice(at, at + 2), 16);

const print = (colour: Rgb): string =>
  `#${colour.map((value) => value.toString(16).padStart(2, '0')).join('')}`;

const mix = ([r, g, b]: Rgb, [toR, toG, toB]: Rgb, share: number): Rgb => [
  Math.round(r + (toR - r) * share),
  Math.round(g + (toG - g) * share),
  Math.round(b + (toB - b) * share),
];

/** WCAG 2.2, "contrast ratio": from 1 to 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance([r, g, b]: Rgb): number {
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

function linear(value: number): number {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}
