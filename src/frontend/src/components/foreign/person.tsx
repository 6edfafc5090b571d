/** A person's name in a readable colour, kept from turning or stretching what stands around it. */
import type { User } from '@/protocol/schema.gen';
import { nameColor } from '@/lib/names';
import { useIsLight } from '@/lib/theme';
import { cx } from '@/components/ui/cx';

export function PersonName({
  user,
  name,
  className,
}: {
  user: Pick<User, 'id' | 'login' | 'name' | 'color'> | null;
  name: string;
  className?: string;
}) {
  const light = useIsLight();
  const shown = shortened(name);
  const login = user?.login ?? '';
  const differs = login !== '' && login.toLowerCase() !== name.toLowerCase();
  return (
    <bdi
      className={cx('font-semibold foreign', className)}
      style={user ? { color: nameColor(user.color, user.id, light) } : undefined}
      title={differs ? `${name} (${login})` : undefined}
    >
      {shown}
    </bdi>
  );
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
