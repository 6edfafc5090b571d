/** The sign of StreamCore: a core that sends to both sides. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden className={className}>
      <rect width="32" height="32" rx="8" className="fill-surface-3" />
      <g fill="none" className="stroke-accent" strokeWidth="2.6" strokeLinecap="round">
        <path d="M9.3 22.7a9.5 9.5 0 0 1 0-13.4" />
        <path d="M22.7 9.3a9.5 9.5 0 0 1 0 13.4" />
      </g>
      <circle cx="16" cy="16" r="3.6" className="fill-accent" />
    </svg>
  );
}
