/** Names and small marks of platforms; everything else about them comes from the core. */

export interface PlatformLook {
  readonly name: string;
  readonly color: string;
}

const LOOKS: Readonly<Record<string, PlatformLook>> = {
  twitch: { name: 'Twitch', color: '#9146FF' },
  youtube: { name: 'YouTube', color: '#FF0033' },
};

export function platformLook(id: string): PlatformLook {
  const known = Object.hasOwn(LOOKS, id) ? LOOKS[id] : undefined;
  return known ?? { name: id === '' ? 'StreamCore' : id, color: '' };
}
