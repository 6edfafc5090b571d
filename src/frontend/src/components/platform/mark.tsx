/** The small mark of a platform; its name is read out unless it stands right beside it. */
import { platformLook } from '@/lib/platforms';
import { cx } from '@/components/ui/cx';

const SHAPES: Readonly<Record<string, string>> = {
  twitch: 'M4.2 3h8.6v5.7l-2.4 2.4H8.6L6.7 13v-1.9H4.2zm2.9 2.2v3h1.1v-3zm2.7 0v3h1.1v-3z',
  youtube: 'M6.6 5.1v5.8L11.3 8z',
};

export function PlatformMark({
  id,
  decorative = false,
  className,
}: {
  id: string;
  decorative?: boolean;
  className?: string;
}) {
  const { name, color } = platformLook(id);
  const shape = Object.hasOwn(SHAPES, id) ? SHAPES[id] : undefined;
  return (
    <svg
      viewBox="0 0 16 16"
      className={cx('size-4 shrink-0', className)}
      {...(decorative ? { 'aria-hidden': true } : { role: 'img', 'aria-label': name })}
    >
      <rect width="16" height="16" rx="4" className="fill-surface-4" />
      {color ? <rect width="16" height="16" rx="4" fill={color} /> : null}
      {shape ? (
        <path d={shape} fill="#fff" fillRule="evenodd" />
      ) : (
        <text
          x="8"
          y="11.4"
          textAnchor="middle"
          fontSize="9"
          fontWeight="700"
          className="fill-ink uppercase"
        >
          {Array.from(name)[0] ?? '?'}
        </text>
      )}
    </svg>
  );
}
