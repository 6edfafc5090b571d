/** A text as a QR code for the camera of a phone: dark on light in every theme, as scanners want it. */
import { encodeQR } from 'qr';
import { useMemo } from 'react';
import { cx } from './cx';

/** The empty margin that scanners need around the code, in modules. */
const QUIET_ZONE = 4;

export function QrCode({
  text,
  label,
  className,
}: {
  text: string;
  label: string;
  className?: string;
}) {
  const shape = useMemo(() => drawn(text), [text]);
  if (shape === null) return null;
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${shape.size} ${shape.size}`}
      shapeRendering="crispEdges"
      className={cx('rounded-md bg-scan-ground', className)}
    >
      <path d={shape.path} className="fill-scan-ink" />
    </svg>
  );
}

/** The dark modules, neighbours in a row joined; null for a text that is too long for a code. */
function drawn(text: string): { size: number; path: string } | null {
  let rows: boolean[][];
  try {
    rows = encodeQR(text, 'raw', { ecc: 'medium', border: QUIET_ZONE });
  } catch {
    return null;
  }
  const path = rows
    .flatMap((row, y) => runs(row).map(([from, length]) => `M${from} ${y}h${length}v1h-${length}z`))
    .join('');
  return { size: rows.length, path };
}

function runs(row: readonly boolean[]): readonly (readonly [from: number, length: number])[] {
  const found: [number, number][] = [];
  row.forEach((isDark, x) => {
    if (!isDark) return;
    const last = found.at(-1);
    if (last && last[0] + last[1] === x) last[1] += 1;
    else found.push([x, 1]);
  });
  return found;
}
