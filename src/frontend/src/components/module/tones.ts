/** Which light a module's state gets. */
import type { Tone } from '@/components/ui/badge';
import type { ModuleState } from '@/lib/records';

export const MODULE_TONES: Record<ModuleState, Tone> = {
  invalid: 'warn',
  awaiting_consent: 'warn',
  disabled: 'neutral',
  starting: 'neutral',
  running: 'good',
  backing_off: 'warn',
  failed: 'danger',
  stopping: 'neutral',
};
