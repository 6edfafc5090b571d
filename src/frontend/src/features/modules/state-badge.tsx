/** A module's state in a word and a light. */
import { MODULE_TONES } from '@/components/module/tones';
import { Badge } from '@/components/ui/badge';
import { Dot } from '@/components/ui/dot';
import { useI18n } from '@/lib/i18n';
import type { ModuleState } from '@/lib/records';

export function StateBadge({ state }: { state: ModuleState }) {
  const { t } = useI18n();
  const tone = MODULE_TONES[state];
  return (
    <Badge tone={tone} className="gap-1.5">
      <Dot tone={tone} className="size-1.5" />
      {t(`module.state.${state}`)}
    </Badge>
  );
}
