/** People's names: a colour that can be read, and no more length than a line bears. */

const HEX = /^#[0-9a-f]{6}$/i;

/** A CSS colour for a name, moved in lightness until it is readable in the theme. */
export function nameColor(color: string | null, id: string, light: boolean): string {
  const [hue, saturation] =
    color !== null && HEX.test(color) ? hueOf(color) : [hash(id) % 360, 0.6];
  const chroma = Math.min(saturation, 0.75);
  return `hsl(${Math.round(hue)} ${Math.round(chroma * 100)}% ${lightness(hue, chroma, light)}%)`;
}

/** Luminances that are told apart (4.5:1) from the lightest or darkest ground a name stands on. */
const DARKEST_ON_DARK = 0.31;
const LIGHTEST_ON_LIGHT = 0.13;

/** The nearest lightness to a pleasant one at which the name can be read. */
function lightness(hue: number, chroma: number, light: boolean): number {
  let percent = light ? 42 : 66;
  if (light)
    while (luminance(hue, chroma, percent) > LIGHTEST_ON_LIGHT && percent > 10) percent -= 2;
  else while (luminance(hue, chroma, percent) < DARKEST_ON_DARK && percent < 92) percent += 2;
  return percent;
}

function luminance(hue: number, saturation: number, percent: number): number {
  const l = percent / 100;
  const a = saturation * Math.min(l, 1 - l);
  const channel = (n: number): number => {
    const k = (n + hue / 30) % 12;
    const value = l - a * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(0) + 0.7152 * channel(8) + 0.0722 * channel(4);
}

function hueOf(hex: string): [hue: number, saturation: number] {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
  const max = Math.max(r, g, b);
  const min = Math.min(r, g, b);
  const delta = max - min;
  if (delta === 0) return [0, 0];
  const middle = (max + min) / 2;
  const saturation = delta / (1 - Math.abs(2 * middle - 1));
  const sector =
    max === r ? ((g - b) / delta) % 6 : max === g ? (b - r) / delta + 2 : (r - g) / delta + 4;
  return [(sector * 60 + 360) % 360, saturation];
}

function hash(text: string): number {
  let value = 7;
  for (let index = 0; index < text.length; index += 1) {
    value = (value * 31 + text.charCodeAt(index)) >>> 0;
  }
  return value;
}

const LONGEST = 40;

/** Stacked accents and endless names would cover their neighbours. */
export function shortened(name: string, longest = LONGEST): string {
  const plain = name
    .normalize('NFC')
    .replace(/(\p{M}{2})\p{M}+/gu, '$1')
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '');
  const letters = Array.from(plain);
  return letters.length > longest ? `${letters.slice(0, longest - 1).join('')}…` : plain;
}
