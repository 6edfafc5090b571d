/** Colours of people's names: theirs where it can be read on our ground, else one made from the id. */

const HEX = /^#[0-9a-f]{6}$/i;

/** A CSS colour for a name, moved in lightness until it is readable in the theme. */
export function nameColor(color: string | null, id: string, light: boolean): string {
  const [hue, saturation] = color !== null && HEX.test(color) ? hueOf(color) : [hash(id) % 360, 0.6];
  const chroma = Math.min(saturation, 0.75) * 100;
  return `hsl(${Math.round(hue)} ${Math.round(chroma)}% ${lightness(hue, light)}%)`;
}

/** Blue and violet look darker than they count, yellow and green lighter. */
function lightness(hue: number, light: boolean): number {
  const dark = Math.cos(((hue - 245) / 180) * Math.PI); // 1 at blue, -1 at yellow
  return Math.round(light ? 32 + dark * 8 : 71 + dark * 5);
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
