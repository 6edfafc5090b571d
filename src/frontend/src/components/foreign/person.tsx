/** A person's name in a readable colour, kept from turning or stretching what stands around it. */
import type { User } from '@/protocol/schema.gen';
import { nameColor, shortened } from '@/lib/names';
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
