/** Pure: turns events into what the Live page shows (chat lines, activity, viewers, uptimes). */
import type {
  AnyEvent,
  ChatAnnouncement,
  ChatMessage,
  GiftSubscription,
  PlatformNotice,
} from '@/protocol/schema.gen';

export const CHAT_LIMIT = 2000;
export const ACTIVITY_LIMIT = 300;
export const MODERATION_LIMIT = 100;

export type ChatEvent = ChatMessage | ChatAnnouncement | PlatformNotice;

export interface ChatLine {
  readonly id: string;
  readonly event: ChatEvent;
}

export interface Activity {
  /** A gift bomb keeps one id while its parts arrive. */
  readonly id: string;
  readonly event: AnyEvent;
  readonly gifts: readonly GiftSubscription[];
}

export interface LiveState {
  readonly chat: readonly ChatLine[];
  /** Newest first. */
  readonly activity: readonly Activity[];
  /** Ids of chat lines that a moderator removed. */
  readonly removed: ReadonlySet<string>;
  readonly viewers: Readonly<Record<string, number>>;
  /** When the running stream of a platform began. */
  readonly startedAt: Readonly<Record<string, string | null>>;
  /** Messages that were skipped because this page was too slow. */
  readonly skipped: number;
}

export const EMPTY_LIVE: LiveState = {
  chat: [],
  activity: [],
  removed: new Set(),
  viewers: {},
  startedAt: {},
  skipped: 0,
};

/** What viewers do and what happens to the channel: each makes an item of the activity feed. */
export const ACTIVITY_TYPES = [
  'follow',
  'subscription',
  'resubscription',
  'gift_subscription',
  'gift_subscription_bomb',
  'subscription_upgraded',
  'subscription_ended',
  'raid',
  'cheer',
  'power_up',
  'watch_streak',
  'shoutout',
  'hype_train',
  'goal',
  'donation',
  'super_chat',
  'super_sticker',
  'platform_gift',
  'charity_donation',
  'membership_payment',
  'shop_order',
  'reward_redemption',
  'reward_redemption_updated',
  'reward_changed',
  'poll',
  'prediction',
  'shared_chat',
  'stream_online',
  'stream_offline',
  'stream_updated',
  'ad_break',
  'raid_outgoing',
  'clip_created',
  'event_gap',
] as const satisfies readonly AnyEvent['type'][];

/** Items of the feed too, but a raid of spam bots must not push a donation out of it. */
export const MODERATION_TYPES = [
  'user_banned',
  'user_unbanned',
  'user_warned',
  'role_changed',
  'unban_request',
  'automod_message',
  'shield_mode',
  'suspicious_user',
  'chat_mode_changed',
  'chat_cleared',
] as const satisfies readonly AnyEvent['type'][];

const IS_MODERATION: ReadonlySet<string> = new Set(MODERATION_TYPES);
const IS_ACTIVITY: ReadonlySet<string> = new Set([...ACTIVITY_TYPES, ...MODERATION_TYPES]);

/** What fills the chat or acts on its lines. */
export const CHAT_TYPES = [
  'chat_message',
  'chat_announcement',
  'platform_notice',
  'chat_message_deleted',
  'chat_user_cleared',
  'chat_cleared',
] as const satisfies readonly AnyEvent['type'][];

export function fold(state: LiveState, events: readonly AnyEvent[]): LiveState {
  const draft = new Draft(state);
  for (const event of events) draft.add(event);
  return draft.finish();
}

/** Join what is on screen with a page of history, each event once and in the log's order. */
export function merge(state: LiveState, history: readonly AnyEvent[]): LiveState {
  const known = new Map<string, AnyEvent>();
  for (const event of history) known.set(event.id, event);
  for (const line of state.chat) known.set(line.id, line.event);
  for (const item of state.activity) {
    known.set(item.event.id, item.event);
    for (const gift of item.gifts) known.set(gift.id, gift);
  }
  const ordered = [...known.values()].sort(
    (a, b) => a.seq - b.seq || a.received_at.localeCompare(b.received_at),
  );
  return fold(
    { ...EMPTY_LIVE, viewers: state.viewers, removed: state.removed, skipped: state.skipped },
    ordered,
  );
}

/** Collects the changes of one batch, and copies a part of the state only when it is touched. */
class Draft {
  readonly #before: LiveState;
  #chat: ChatLine[] | null = null;
  #fresh: Activity[] = [];
  #activity: Activity[] | null = null;
  #removed: Set<string> | null = null;
  #viewers: Record<string, number> | null = null;
  #startedAt: Record<string, string | null> | null = null;

  constructor(state: LiveState) {
    this.#before = state;
  }

  add(event: AnyEvent): void {
    switch (event.type) {
      case 'chat_message':
      case 'chat_announcement':
      case 'platform_notice':
        this.#chatLines().push({ id: event.id, event });
        break;
      case 'chat_message_deleted':
        this.#remove(
          (line) =>
            line.event.type === 'chat_message' && line.event.message_id === event.message_id,
          event.platform,
        );
        break;
      case 'chat_user_cleared':
        this.#remove(
          (line) => event.user !== null && line.event.user?.id === event.user.id,
          event.platform,
        );
        break;
      case 'chat_cleared':
        this.#remove(() => true, event.platform);
        break;
      case 'viewer_count':
        this.#viewers ??= { ...this.#before.viewers };
        this.#viewers[event.platform] = event.viewers;
        break;
      case 'stream_online':
        this.#started(event.platform, event.started_at ?? event.at);
        break;
      case 'stream_offline':
        this.#started(event.platform, null);
        this.#viewers ??= { ...this.#before.viewers };
        Reflect.deleteProperty(this.#viewers, event.platform);
        break;
      default:
        break;
    }
    if (IS_ACTIVITY.has(event.type) && !isMereProgress(event)) this.#note(event);
  }

  finish(): LiveState {
    const before = this.#before;
    const activity = this.#activity ?? before.activity;
    const chat = this.#chat ? this.#chat.slice(-CHAT_LIMIT) : before.chat;
    return {
      ...before,
      chat,
      activity: this.#fresh.length > 0 ? newest([...this.#fresh.reverse(), ...activity]) : activity,
      removed: this.#removed ? bounded(this.#removed, chat) : before.removed,
      viewers: this.#viewers ?? before.viewers,
      startedAt: this.#startedAt ?? before.startedAt,
    };
  }

  #chatLines(): ChatLine[] {
    this.#chat ??= [...this.#before.chat];
    return this.#chat;
  }

  #remove(matches: (line: ChatLine) => boolean, platform: string): void {
    for (const line of this.#chat ?? this.#before.chat) {
      if (line.event.platform !== platform || !matches(line)) continue;
      this.#removed ??= new Set(this.#before.removed);
      this.#removed.add(line.id);
    }
  }

  #started(platform: string, at: string | null): void {
    this.#startedAt ??= { ...this.#before.startedAt };
    this.#startedAt[platform] = at;
  }

  /** Parts of a gift bomb join the item of their group; progress replaces what it goes on from. */
  #note(event: AnyEvent): void {
    const id = activityId(event);
    const update = (item: Activity): Activity => joined(item, event);
    const freshIndex = this.#fresh.findIndex((item) => item.id === id);
    const inFresh = this.#fresh[freshIndex];
    if (inFresh) {
      this.#fresh[freshIndex] = update(inFresh);
      return;
    }
    const list = this.#activity ?? this.#before.activity;
    const index = list.findIndex((item) => item.id === id);
    const known = list[index];
    if (known) {
      this.#activity ??= [...this.#before.activity];
      this.#activity[index] = update(known);
      return;
    }
    this.#fresh.push({ id, event, gifts: event.type === 'gift_subscription' ? [event] : [] });
  }
}

/** The newest of both sorts, each up to its own limit. */
function newest(items: readonly Activity[]): readonly Activity[] {
  let activity = 0;
  let moderation = 0;
  return items.filter(({ event }) =>
    IS_MODERATION.has(event.type) ? ++moderation <= MODERATION_LIMIT : ++activity <= ACTIVITY_LIMIT,
  );
}

/** Forget the removed lines that have left the screen for good. */
function bounded(removed: Set<string>, chat: readonly ChatLine[]): ReadonlySet<string> {
  if (removed.size <= 2 * CHAT_LIMIT) return removed;
  return new Set(chat.filter((line) => removed.has(line.id)).map((line) => line.id));
}

/** Steps on the way of something that has no item of its own to update. */
function isMereProgress(event: AnyEvent): boolean {
  if (event.type === 'goal') return event.phase === 'progress' && !event.goal_id;
  return event.type === 'hype_train' && event.phase === 'progress' && !event.train_id;
}

/** What belongs together has one id, and so one item that follows how it goes on. */
function activityId(event: AnyEvent): string {
  const part = (kind: string, id: string | null | undefined): string =>
    id ? `${kind}:${event.platform}:${id}` : event.id;
  switch (event.type) {
    case 'gift_subscription':
    case 'gift_subscription_bomb':
      return part('gifts', event.group_id);
    case 'poll':
      return part('poll', event.poll_id);
    case 'prediction':
      return part('prediction', event.prediction_id);
    case 'hype_train':
      return part('train', event.train_id);
    case 'goal':
      return part('goal', event.goal_id);
    case 'shared_chat':
      return part('shared', event.session_id);
    case 'reward_redemption':
    case 'reward_redemption_updated':
      return part('redemption', event.redemption_id);
    case 'unban_request':
      return part('unban', event.request_id);
    case 'automod_message':
      return part('automod', event.message_id);
    case 'suspicious_user':
      return part('suspicious', event.user?.id);
    default:
      return event.id;
  }
}

function joined(item: Activity, event: AnyEvent): Activity {
  const known = item.event;
  switch (event.type) {
    case 'gift_subscription':
      if (item.gifts.some((gift) => gift.id === event.id)) return item;
      return { ...item, gifts: [...item.gifts, event] };
    case 'reward_redemption':
      // The answer may come first when both arrive together.
      return known.type === 'reward_redemption_updated'
        ? { ...item, event: { ...event, status: known.status } }
        : { ...item, event };
    case 'reward_redemption_updated':
      return known.type === 'reward_redemption'
        ? { ...item, event: { ...known, status: event.status } }
        : { ...item, event };
    case 'automod_message':
      return known.type === 'automod_message'
        ? { ...item, event: { ...event, text: event.text || known.text } }
        : { ...item, event };
    default:
      return { ...item, event };
  }
}
