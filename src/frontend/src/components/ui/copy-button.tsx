/** Copies a text and says that it did. */
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useI18n } from '@/lib/i18n';
import { Button, type ButtonProps } from './button';

type CopyButtonProps = Omit<ButtonProps, 'onClick' | 'children'> & { text: string; label?: string };

export function CopyButton({ text, label, ...rest }: CopyButtonProps) {
  const { t } = useI18n();
  const [outcome, setOutcome] = useState<'idle' | 'copied' | 'failed'>('idle');

  useEffect(() => {
    if (outcome === 'idle') return undefined;
    const timer = setTimeout(() => setOutcome('idle'), 2500);
    return () => clearTimeout(timer);
  }, [outcome]);

  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setOutcome('copied'),
      () => setOutcome('failed'),
    );
  };

  const shown =
    outcome === 'copied'
      ? t('common.copied')
      : outcome === 'failed'
        ? t('common.copyFailed')
        : (label ?? t('common.copy'));
  return (
    <Button onClick={copy} {...rest}>
      {outcome === 'copied' ? (
        <Check aria-hidden className="size-4 text-accent" />
      ) : (
        <Copy aria-hidden className="size-4" />
      )}
      <span aria-live="polite">{shown}</span>
    </Button>
  );
}
