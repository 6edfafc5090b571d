/** Which light a platform's state gets. */
import type { Tone } from '@/components/ui/badge';
import type { PlatformStateName } from '@/protocol/schema.gen';

export const PLATFORM_TONES: Record<PlatformStateName, Tone> = {
  disconnected: 'neutral',
  connecting: 'neutral',
  connected: 'good',
  degraded: 'warn',
  auth_required: 'danger',
};
