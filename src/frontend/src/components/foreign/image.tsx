/** A picture of others, or what stands in its place when it may not or cannot be shown. */
import { useState, type ReactNode } from 'react';
import { safeImageUrl } from '@/lib/images';

interface ForeignImageProps {
  url: string | null | undefined;
  alt: string;
  className: string;
  fallback: ReactNode;
}

export function ForeignImage({ url, alt, className, fallback }: ForeignImageProps) {
  const safe = safeImageUrl(url);
  const [broken, setBroken] = useState<string | null>(null);
  if (safe === null || safe === broken) return fallback;
  return (
    <img
      src={safe}
      alt={alt}
      title={alt}
      loading="lazy"
      decoding="async"
      referrerPolicy="no-referrer"
      draggable={false}
      className={className}
      onError={() => setBroken(safe)}
    />
  );
}
