/** The running stream as the Live page sees it. */
import { useQuery } from '@tanstack/react-query';
import { keys } from '../queries';
import { EMPTY_LIVE, type LiveState } from './fold';

export { ACTIVITY_TYPES, CHAT_LIMIT, CHAT_TYPES, MODERATION_TYPES } from './fold';
export type { Activity, ChatEvent, ChatLine, LiveState } from './fold';
export { patch, startSync } from './sync';

/** Undefined until the first look at the log has been answered. */
export function useLive(): { state: LiveState; isLoading: boolean } {
  const { data } = useQuery<LiveState | null>({
    queryKey: keys.live,
    queryFn: () => null,
    staleTime: Infinity,
    enabled: false,
  });
  return { state: data ?? EMPTY_LIVE, isLoading: data === undefined || data === null };
}
