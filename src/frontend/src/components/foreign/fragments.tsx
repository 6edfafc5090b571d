/** A message of a viewer as text nodes and checked pictures; nothing in it is ever HTML. */
import type { Fragment } from '@/protocol/schema.gen';
import { ForeignImage } from './image';

interface FragmentsProps {
  text: string;
  fragments: readonly Fragment[];
}

/** More pieces than anybody can read are joined into plain text. */
const MOST_PIECES = 200;

export function Fragments({ text, fragments }: FragmentsProps) {
  if (fragments.length === 0 || fragments.length > MOST_PIECES) return text;
  return fragments.map((fragment, index) => <Piece key={index} fragment={fragment} />);
}

function Piece({ fragment }: { fragment: Fragment }) {
  switch (fragment.kind) {
    case 'emote':
    case 'cheermote':
      return (
        <ForeignImage
          url={fragment.emote?.url}
          alt={fragment.text}
          className="mx-0.5 -my-1 inline-block h-7 max-w-28 object-contain align-middle"
          fallback={<span className="font-medium text-ink-muted">{fragment.text}</span>}
        />
      );
    case 'mention':
      return <span className="rounded-sm bg-surface-3 px-1 font-medium">{fragment.text}</span>;
    case 'link':
      return <ForeignLink text={fragment.text} />;
    default:
      // Plain text, and kinds that only a newer core knows.
      return fragment.text;
  }
}

/** Viewers' links are shown, but open nothing by a slip of the hand: only http(s), in a new page. */
function ForeignLink({ text }: { text: string }) {
  let address: URL | null = null;
  try {
    address = new URL(/^https?:\/\//i.test(text) ? text : `https://${text}`);
  } catch {
    address = null;
  }
  if (address === null || !/^https?:$/.test(address.protocol) || address.username !== '')
    return text;
  return (
    <a
      href={address.href}
      target="_blank"
      rel="noreferrer noopener nofollow"
      className="underline decoration-line-strong underline-offset-2 hover:decoration-accent"
    >
      {text}
    </a>
  );
}
