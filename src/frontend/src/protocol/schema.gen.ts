// Made by `python dev.py generate`; do not edit.

export const PROTOCOL_VERSION = 1;

/** The `target` of a command that means every connected platform. */
export const TARGET_ALL = 'all';

/** The numbers that both sides of a connection must respect. */
export const LIMITS = {
  CATCH_UP_MAX_AGE_S: 86400,
  CATCH_UP_MAX_EVENTS: 10000,
  COMMANDS_BURST: 400,
  COMMANDS_PER_S: 200,
  DEDUPE_WINDOW_S: 86400,
  MAX_BATCH_BYTES: 196608,
  MAX_CORE_PACKET_BYTES: 4194304,
  MAX_MANIFEST_BYTES: 65536,
  MAX_PACKET_BYTES: 262144,
  MAX_UNANSWERED_COMMANDS: 64,
  STORAGE_QUOTA_BYTES: 16777216,
} as const;

/** How a chat message was sent. */
export type ChatMessageKind =
  | 'text'
  | 'highlighted'
  | 'subscribers_only'
  | 'introduction'
  | 'effect'
  | 'gigantic_emote'
  | 'action';

/** The stable reason of a refused or failed command; texts may change, codes do not. */
export type ErrorCode =
  | 'permission_denied'
  | 'platform_not_declared'
  | 'platform_not_connected'
  | 'unsupported_by_platform'
  | 'unknown_command'
  | 'invalid_command'
  | 'rate_limited'
  | 'quota_exhausted'
  | 'rejected_by_platform'
  | 'timeout'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'internal';

/** What a piece of a message is. */
export type FragmentKind = 'text' | 'emote' | 'cheermote' | 'mention' | 'link';

/** How an event came: as it happened, caught up after a gap, replayed, or simulated. */
export type Origin = 'live' | 'catch_up' | 'replay' | 'simulated';

/** One thing that a streamer can allow a module; an unknown name makes a manifest invalid. */
export type Permission =
  | 'chat_read'
  | 'audience_read'
  | 'donations_read'
  | 'rewards_read'
  | 'polls_read'
  | 'stream_read'
  | 'moderation_read'
  | 'obs_read'
  | 'chat_send'
  | 'chat_moderate'
  | 'stream_manage'
  | 'rewards_manage'
  | 'polls_manage'
  | 'obs_control'
  | 'network'
  | 'modules_call';

/** Where something that lasts stands. */
export type Phase = 'begin' | 'progress' | 'lock' | 'end';

/** How the connection to a platform stands. */
export type PlatformStateName =
  'disconnected' | 'connecting' | 'connected' | 'degraded' | 'auth_required';

/** Whether a redemption waits, was done, or was refunded. */
export type RedemptionStatus = 'unfulfilled' | 'fulfilled' | 'canceled';

/** How much harm a permission could do in the wrong hands; shown on the consent page. */
export type Risk = 'low' | 'medium' | 'high';

/** What a person is in the channel. */
export type Role =
  'broadcaster' | 'moderator' | 'vip' | 'subscriber' | 'member' | 'follower' | 'verified' | 'bot';

/** Where a page is meant to be shown: on stream, or in the dashboard. */
export type ViewKind = 'overlay' | 'panel';

/** Whose account is connected. */
export interface Account {
  id: string;
  name: string;
  avatar_url: string | null;
}

/**
 * Money or points: `value` in minor units, so that nothing is ever a float.
 *
 * `currency` is an ISO 4217 code or a unit (`bits`, `channel_points`); `display` is ready to show.
 * 12.34 EUR is `value=1234, exponent=2`.
 */
export interface Amount {
  value: number;
  exponent: number;
  currency: string;
  display: string;
}

/** A mark beside a name: `set` and `id` as the platform names them. */
export interface Badge {
  set: string;
  id: string;
  title: string;
  image_url: string | null;
}

/** What one person bet on an outcome; `won` is None until it is decided, and when lost. */
export interface Bet {
  user: Person;
  points: number;
  won: number | null;
}

/**
 * One answer of a poll or one outcome of a prediction.
 *
 * `votes` are all votes, or everybody who bet; `paid_votes` those of them that were bought with
 * points; `points` is what was spent on it. `top` are those who bet most, `color` is the platform's
 * word for an outcome's colour.
 */
export interface Choice {
  id: string;
  title: string;
  votes: number;
  points: number;
  paid_votes: number;
  color: string;
  top: readonly Bet[];
}

/**
 * What one person gave to something that many share.
 *
 * `kind` is the platform's word for what was given (`bits`, `subscription` …), `total` is in the
 * units of the whole.
 */
export interface Contribution {
  user: Person;
  kind: string;
  total: number;
}

/** A picture inside a text; one that `is_overlay` lies over the emote before it. */
export interface Emote {
  provider: string;
  id: string;
  animated: boolean;
  is_overlay: boolean;
  url: string;
}

/**
 * A failure on the wire: what was expected, what was found and what to do; never a token.
 *
 * `permission` names the missing one, `retry_after_ms` says when a retry makes sense.
 */
export interface ErrorBody {
  code: ErrorCode;
  message: string;
  permission?: string | null;
  retry_after_ms?: number | null;
}

/**
 * A piece of a message; the texts of all pieces joined are the message's text.
 *
 * `user` is who a mention means, `bits` what a cheermote is worth.
 */
export interface Fragment {
  kind: FragmentKind;
  text: string;
  emote: Emote | null;
  user: Person | null;
  bits: number;
}

/** What a module wishes to use, up to the core's ceilings. */
export interface Limits {
  memory_mb: number;
  cpu_percent: number;
  processes: number;
}

/** A person or a channel, as far as an event tells of more than one. */
export interface Person {
  id: string;
  login: string;
  name: string;
}

/** Who received a gift. */
export interface Recipient {
  id: string;
  login: string;
  name: string;
}

/** The message that a chat message answers; `thread_id` is the first one of the talk. */
export interface Reply {
  message_id: string;
  user_id: string;
  user_name: string;
  text: string;
  user_login: string;
  thread_id: string;
}

/** A person (or bot) on a platform; `id` is unique within the platform. */
export interface User {
  id: string;
  login: string;
  name: string;
  avatar_url: string | null;
  color: string | null;
  roles: readonly Role[];
  badges: readonly Badge[];
  subscriber_months: number | null;
  is_first_time: boolean;
  is_anonymous: boolean;
}

/** A page of a module; `path` is below the module's `dist/`. */
export interface View {
  id: string;
  path: string;
  title: string | Readonly<Record<string, string>>;
  kind: ViewKind;
  width: number;
  height: number;
}

/** A time of the wire: UTC, RFC 3339. */
export type Timestamp = string;

/**
 * Base fields of every event.
 *
 * `id` and `seq` are given by the core (`seq` is the log's number, 0 for what is not logged); `at`
 * is the platform's time, `received_at` ours, both UTC. `source_id` is the natural id of the fact
 * on its platform (the key of dedupe); `group_id` binds the parts of a gift bomb.
 */
export interface EventBase {
  type: EventType;
  id: string;
  seq: number;
  platform: string;
  channel_id: string;
  at: Timestamp;
  received_at: Timestamp;
  origin: Origin;
  is_test: boolean;
  source_id: string;
  group_id: string | null;
  user: User | null;
}

/**
 * Somebody wrote in the chat; `text` is plain, `fragments` say where the emotes stand.
 *
 * `reward_id` is the reward that the message came with. In a shared chat, `partner` is the other
 * channel in which it was written (the event has that channel's `channel_id`): its `bits` are 0,
 * since they were not given to us.
 */
export interface ChatMessage extends EventBase {
  type: 'chat_message';
  message_id: string;
  text: string;
  fragments: readonly Fragment[];
  reply_to: Reply | null;
  kind: ChatMessageKind;
  bits: number;
  reward_id: string;
  partner: Person | null;
}

/** One message was removed; `user` wrote it. */
export interface ChatMessageDeleted extends EventBase {
  type: 'chat_message_deleted';
  message_id: string;
}

/** All messages of `user` were removed. */
export interface ChatUserCleared extends EventBase {
  type: 'chat_user_cleared';
}

/** The whole chat was emptied. */
export interface ChatCleared extends EventBase {
  type: 'chat_cleared';
}

/**
 * The chat's rules changed; a field that is None was not told.
 *
 * `followers_only_minutes` is how long one must have followed (0: any follower, or the rule is off:
 * `followers_only` tells), `slow_mode_s` the pause between two messages (0: none).
 */
export interface ChatModeChanged extends EventBase {
  type: 'chat_mode_changed';
  emote_only: boolean | null;
  followers_only: boolean | null;
  followers_only_minutes: number | null;
  subscribers_only: boolean | null;
  slow_mode_s: number | null;
  unique_only: boolean | null;
}

/** A highlighted message of the streamer or a moderator; `partner` as in `ChatMessage`. */
export interface ChatAnnouncement extends EventBase {
  type: 'chat_announcement';
  text: string;
  fragments: readonly Fragment[];
  color: string;
  partner: Person | null;
}

/** Our chat was joined with other channels' chats; `participants` are all of them, us too. */
export interface SharedChat extends EventBase {
  type: 'shared_chat';
  phase: Phase;
  session_id: string;
  host: Person | null;
  participants: readonly Person[];
}

/** An upstream kind that we do not know yet; `raw_type` is the platform's own name for it. */
export interface PlatformNotice extends EventBase {
  type: 'platform_notice';
  name: string;
  text: string;
  raw_type: string;
}

/** `user` follows the channel. */
export interface Follow extends EventBase {
  type: 'follow';
}

/** `user` subscribed for the first time; `tier` is 1, 2 or 3. */
export interface Subscription extends EventBase {
  type: 'subscription';
  tier: number;
  months: number;
  is_gift: boolean;
  is_prime: boolean;
}

/** `user` renewed and told the chat; `gifter` paid for it when it is a known person's gift. */
export interface Resubscription extends EventBase {
  type: 'resubscription';
  tier: number;
  months: number;
  streak_months: number | null;
  is_gift: boolean;
  is_prime: boolean;
  gifter: User | null;
  text: string;
  fragments: readonly Fragment[];
}

/**
 * `user` gave one subscription to `recipient`; part of a bomb when `group_id` is set.
 *
 * `given_total` is how many `user` gave in this channel so far, None when it is not told.
 */
export interface GiftSubscription extends EventBase {
  type: 'gift_subscription';
  tier: number;
  months: number;
  recipient: Recipient | null;
  given_total: number | null;
}

/**
 * `user` gave `count` subscriptions at once.
 *
 * Comes twice: at once with `is_complete=False`, and with `recipients` when all are known.
 * `given_total` is how many `user` gave in this channel so far, None when it is not told.
 */
export interface GiftSubscriptionBomb extends EventBase {
  type: 'gift_subscription_bomb';
  count: number;
  tier: number;
  recipients: readonly Recipient[];
  is_complete: boolean;
  given_total: number | null;
}

/**
 * A gifted or included subscription became a paid one; `source` says which it was.
 *
 * `gifter` gave it when it is a known person's gift.
 */
export interface SubscriptionUpgraded extends EventBase {
  type: 'subscription_upgraded';
  tier: number;
  source: string;
  gifter: User | null;
}

/** A subscription ran out. */
export interface SubscriptionEnded extends EventBase {
  type: 'subscription_ended';
  tier: number;
  is_gift: boolean;
}

/** Another channel sent its viewers here; `user` is the same person as `from_user`. */
export interface Raid extends EventBase {
  type: 'raid';
  from: User | null;
  viewers: number;
}

/** `user` sent bits with a message. */
export interface Cheer extends EventBase {
  type: 'cheer';
  bits: number;
  text: string;
  fragments: readonly Fragment[];
}

/**
 * `user` bought an effect.
 *
 * `power_up` is its name: the platform's word (`gigantify_an_emote`), or the title that the
 * streamer gave when `is_custom`; then `power_up_id` names it for good.
 */
export interface PowerUp extends EventBase {
  type: 'power_up';
  bits: number;
  power_up: string;
  power_up_id: string;
  is_custom: boolean;
  text: string;
  fragments: readonly Fragment[];
}

/** `user` watched `streams` streams in a row and got `points` for it. */
export interface WatchStreak extends EventBase {
  type: 'watch_streak';
  streams: number;
  points: number;
  text: string;
  fragments: readonly Fragment[];
}

/** A channel was recommended: `to_user` by us, or us by `user` when `is_received`. */
export interface Shoutout extends EventBase {
  type: 'shoutout';
  to_user: User | null;
  viewers: number;
  is_received: boolean;
}

/**
 * The community's shared goal of the moment.
 *
 * `total` is what was given in all; of the present level, `progress` is reached and `goal` is
 * needed (both 0 at the end). It ends at `expires_at` unless a new level begins; the next one may
 * start at `cooldown_ends_at`. `kind` is the platform's word (`regular`, `treasure` …), `partners`
 * the other channels of a shared one; `best_level` and `best_total` are the channel's records.
 */
export interface HypeTrain extends EventBase {
  type: 'hype_train';
  phase: Phase;
  level: number;
  total: number;
  goal: number;
  train_id: string;
  progress: number;
  kind: string;
  contributions: readonly Contribution[];
  started_at: Timestamp | null;
  expires_at: Timestamp | null;
  cooldown_ends_at: Timestamp | null;
  best_level: number | null;
  best_total: number | null;
  is_shared: boolean;
  partners: readonly Person[];
}

/**
 * The platform's own goal (followers, subscribers …).
 *
 * `kind` is the platform's word; `charity` is a campaign, of which `current` and `target` are minor
 * units of money, and the same as amounts in `current_amount` and `target_amount`.
 */
export interface Goal extends EventBase {
  type: 'goal';
  phase: Phase;
  kind: string;
  description: string;
  current: number;
  target: number;
  is_achieved: boolean;
  goal_id: string;
  started_at: Timestamp | null;
  current_amount: Amount | null;
  target_amount: Amount | null;
}

/** How many watch right now; not logged, only the latest counts. */
export interface ViewerCount extends EventBase {
  type: 'viewer_count';
  viewers: number;
  likes: number | null;
}

/** Money through a donation service; `donor` is the name that was given. */
export interface Donation extends EventBase {
  type: 'donation';
  amount: Amount;
  text: string;
  service: string;
  donor: string;
}

/** A paid chat message. */
export interface SuperChat extends EventBase {
  type: 'super_chat';
  amount: Amount;
  text: string;
  message_id: string;
  fragments: readonly Fragment[];
  level: number;
}

/** A paid sticker; `text` describes it. */
export interface SuperSticker extends EventBase {
  type: 'super_sticker';
  amount: Amount;
  text: string;
  sticker_id: string;
  image_url: string | null;
  level: number;
}

/** A gift in the platform's own currency; `combo` counts repeats of the same gift. */
export interface PlatformGift extends EventBase {
  type: 'platform_gift';
  amount: Amount;
  text: string;
  gift_id: string;
  name: string;
  combo: number;
}

/** Money for the charity that the channel supports; `charity` is its name. */
export interface CharityDonation extends EventBase {
  type: 'charity_donation';
  amount: Amount;
  text: string;
  charity: string;
  charity_url: string;
  campaign_id: string;
}

/** A paid membership of the channel. */
export interface MembershipPayment extends EventBase {
  type: 'membership_payment';
  amount: Amount;
  text: string;
  level_name: string;
  months: number;
}

/** Something was bought in the streamer's shop. */
export interface ShopOrder extends EventBase {
  type: 'shop_order';
  amount: Amount;
  text: string;
  item: string;
  quantity: number;
}

/**
 * `user` spent points on a reward; `input` is what they typed.
 *
 * `is_automatic` is one of the platform's own rewards: it has no `reward_id`, its `title` is the
 * platform's word for it, and it is done at once.
 */
export interface RewardRedemption extends EventBase {
  type: 'reward_redemption';
  reward_id: string;
  title: string;
  cost: number;
  redemption_id: string;
  input: string;
  fragments: readonly Fragment[];
  prompt: string;
  is_automatic: boolean;
  status: RedemptionStatus;
}

/** A redemption of `user` was accepted or refunded. */
export interface RewardRedemptionUpdated extends EventBase {
  type: 'reward_redemption_updated';
  reward_id: string;
  title: string;
  cost: number;
  redemption_id: string;
  input: string;
  status: RedemptionStatus;
}

/** A reward was made, changed or removed: `change` is `added`, `updated` or `removed`. */
export interface RewardChanged extends EventBase {
  type: 'reward_changed';
  reward_id: string;
  title: string;
  cost: number;
  change: string;
  is_enabled: boolean;
  is_paused: boolean;
  is_in_stock: boolean;
  is_input_required: boolean;
  prompt: string;
  color: string;
  image_url: string | null;
}

/** Viewers vote; `points_per_vote` is what a bought vote costs, 0 when none can be bought. */
export interface Poll extends EventBase {
  type: 'poll';
  phase: Phase;
  poll_id: string;
  title: string;
  choices: readonly Choice[];
  started_at: Timestamp | null;
  ends_at: Timestamp | null;
  points_per_vote: number;
  status: string;
}

/** Viewers bet points on an outcome. */
export interface Prediction extends EventBase {
  type: 'prediction';
  phase: Phase;
  prediction_id: string;
  title: string;
  outcomes: readonly Choice[];
  winning_outcome_id: string | null;
  started_at: Timestamp | null;
  locks_at: Timestamp | null;
  status: string;
}

/** The stream started. */
export interface StreamOnline extends EventBase {
  type: 'stream_online';
  started_at: Timestamp | null;
  title: string;
  category: string;
}

/** The stream ended. */
export interface StreamOffline extends EventBase {
  type: 'stream_offline';
}

/** Title, category, language or content labels changed; `changed` names which. */
export interface StreamUpdated extends EventBase {
  type: 'stream_updated';
  title: string;
  category: string;
  language: string;
  category_id: string;
  labels: readonly string[];
  changed: readonly string[];
}

/** Advertising runs for `duration_s`; `user` asked for it. */
export interface AdBreak extends EventBase {
  type: 'ad_break';
  phase: Phase;
  duration_s: number;
  ends_at: Timestamp | null;
  is_automatic: boolean;
}

/** We send our viewers to `to_user`. */
export interface RaidOutgoing extends EventBase {
  type: 'raid_outgoing';
  to_user: User | null;
  viewers: number;
}

/** A clip was made. */
export interface ClipCreated extends EventBase {
  type: 'clip_created';
  clip_id: string;
  url: string;
  title: string;
}

/** `user` was banned, or timed out for `duration_s` until `ends_at`. */
export interface UserBanned extends EventBase {
  type: 'user_banned';
  moderator: User | null;
  reason: string;
  ends_at: Timestamp | null;
  duration_s: number | null;
  is_permanent: boolean;
}

/** A ban or time-out of `user` was lifted. */
export interface UserUnbanned extends EventBase {
  type: 'user_unbanned';
  moderator: User | null;
}

/** `user` was warned, or confirmed a warning; `rules` are the chat's rules that it cites. */
export interface UserWarned extends EventBase {
  type: 'user_warned';
  moderator: User | null;
  reason: string;
  rules: readonly string[];
  is_acknowledged: boolean;
}

/** `user` got or lost a role. */
export interface RoleChanged extends EventBase {
  type: 'role_changed';
  moderator: User | null;
  role: Role;
  is_added: boolean;
}

/**
 * `user` asks to be let back in, or was answered: `status` is `pending` or the answer's kind.
 *
 * `text` is what `user` asked, `answer` what a moderator replied.
 */
export interface UnbanRequest extends EventBase {
  type: 'unban_request';
  moderator: User | null;
  request_id: string;
  text: string;
  status: string;
  answer: string;
}

/**
 * A message of `user` was held back by the platform's filter, or decided on.
 *
 * `status` is `held`, or how it ended (`approved`, `denied`, `expired`); `reason` says what held it
 * (`automod`, `blocked_term`), `category` and `level` (1 to 4) what the filter saw in it.
 */
export interface AutomodMessage extends EventBase {
  type: 'automod_message';
  moderator: User | null;
  message_id: string;
  text: string;
  fragments: readonly Fragment[];
  category: string;
  level: number;
  reason: string;
  status: string;
}

/** The channel's emergency mode was switched. */
export interface ShieldMode extends EventBase {
  type: 'shield_mode';
  moderator: User | null;
  is_active: boolean;
}

/**
 * `user` is watched or restricted, or wrote while being so.
 *
 * `status` is the platform's word (`active_monitoring`, `restricted`, `none`); `kinds` say why
 * (`ban_evader` …), `ban_evasion` how likely it is somebody who was banned. `message_id` and `text`
 * are what they wrote, empty when only the status changed.
 */
export interface SuspiciousUser extends EventBase {
  type: 'suspicious_user';
  moderator: User | null;
  status: string;
  text: string;
  fragments: readonly Fragment[];
  message_id: string;
  kinds: readonly string[];
  ban_evasion: string;
}

/** OBS changed; `changed` says what, a field that is None was not told. */
export interface ObsState extends EventBase {
  type: 'obs_state';
  changed: string;
  is_connected: boolean | null;
  scene: string | null;
  is_streaming: boolean | null;
  is_recording: boolean | null;
  source: string | null;
  is_visible: boolean | null;
  is_muted: boolean | null;
}

/** What a module itself put in the log by `emit_event`; only it can read it. */
export interface ModuleEvent extends EventBase {
  type: 'module_event';
  module_id: string;
  name: string;
  data: Readonly<Record<string, unknown>>;
}

/** A platform's connection changed; not logged, only the latest counts. */
export interface PlatformState extends EventBase {
  type: 'platform_state';
  state: PlatformStateName;
  reason: string;
  account: Account | null;
}

/** Events of `platform` between `from_at` and `to_at` may be missing. */
export interface EventGap extends EventBase {
  type: 'event_gap';
  from: Timestamp | null;
  to: Timestamp | null;
  reason: string;
  backfilled: readonly string[];
}

/** Every event, told apart by `type`. */
export type AnyEvent =
  | ChatMessage
  | ChatMessageDeleted
  | ChatUserCleared
  | ChatCleared
  | ChatModeChanged
  | ChatAnnouncement
  | SharedChat
  | PlatformNotice
  | Follow
  | Subscription
  | Resubscription
  | GiftSubscription
  | GiftSubscriptionBomb
  | SubscriptionUpgraded
  | SubscriptionEnded
  | Raid
  | Cheer
  | PowerUp
  | WatchStreak
  | Shoutout
  | HypeTrain
  | Goal
  | ViewerCount
  | Donation
  | SuperChat
  | SuperSticker
  | PlatformGift
  | CharityDonation
  | MembershipPayment
  | ShopOrder
  | RewardRedemption
  | RewardRedemptionUpdated
  | RewardChanged
  | Poll
  | Prediction
  | StreamOnline
  | StreamOffline
  | StreamUpdated
  | AdBreak
  | RaidOutgoing
  | ClipCreated
  | UserBanned
  | UserUnbanned
  | UserWarned
  | RoleChanged
  | UnbanRequest
  | AutomodMessage
  | ShieldMode
  | SuspiciousUser
  | ObsState
  | ModuleEvent
  | PlatformState
  | EventGap;

export type EventType =
  | 'chat_message'
  | 'chat_message_deleted'
  | 'chat_user_cleared'
  | 'chat_cleared'
  | 'chat_mode_changed'
  | 'chat_announcement'
  | 'shared_chat'
  | 'platform_notice'
  | 'follow'
  | 'subscription'
  | 'resubscription'
  | 'gift_subscription'
  | 'gift_subscription_bomb'
  | 'subscription_upgraded'
  | 'subscription_ended'
  | 'raid'
  | 'cheer'
  | 'power_up'
  | 'watch_streak'
  | 'shoutout'
  | 'hype_train'
  | 'goal'
  | 'viewer_count'
  | 'donation'
  | 'super_chat'
  | 'super_sticker'
  | 'platform_gift'
  | 'charity_donation'
  | 'membership_payment'
  | 'shop_order'
  | 'reward_redemption'
  | 'reward_redemption_updated'
  | 'reward_changed'
  | 'poll'
  | 'prediction'
  | 'stream_online'
  | 'stream_offline'
  | 'stream_updated'
  | 'ad_break'
  | 'raid_outgoing'
  | 'clip_created'
  | 'user_banned'
  | 'user_unbanned'
  | 'user_warned'
  | 'role_changed'
  | 'unban_request'
  | 'automod_message'
  | 'shield_mode'
  | 'suspicious_user'
  | 'obs_state'
  | 'module_event'
  | 'platform_state'
  | 'event_gap';

/** The event with this `type`. */
export type EventOf<T extends EventType> = Extract<AnyEvent, { type: T }>;

/** What a reader of an event needs (null: everybody may), and whether it is logged. */
export interface EventInfo {
  permission: Permission | null;
  durable: boolean;
}

export const EVENTS: Readonly<Record<EventType, EventInfo>> = {
  chat_message: { permission: 'chat_read', durable: true },
  chat_message_deleted: { permission: 'chat_read', durable: true },
  chat_user_cleared: { permission: 'chat_read', durable: true },
  chat_cleared: { permission: 'chat_read', durable: true },
  chat_mode_changed: { permission: 'chat_read', durable: true },
  chat_announcement: { permission: 'chat_read', durable: true },
  shared_chat: { permission: 'chat_read', durable: true },
  platform_notice: { permission: 'chat_read', durable: true },
  follow: { permission: 'audience_read', durable: true },
  subscription: { permission: 'audience_read', durable: true },
  resubscription: { permission: 'audience_read', durable: true },
  gift_subscription: { permission: 'audience_read', durable: true },
  gift_subscription_bomb: { permission: 'audience_read', durable: true },
  subscription_upgraded: { permission: 'audience_read', durable: true },
  subscription_ended: { permission: 'audience_read', durable: true },
  raid: { permission: 'audience_read', durable: true },
  cheer: { permission: 'audience_read', durable: true },
  power_up: { permission: 'audience_read', durable: true },
  watch_streak: { permission: 'audience_read', durable: true },
  shoutout: { permission: 'audience_read', durable: true },
  hype_train: { permission: 'audience_read', durable: true },
  goal: { permission: 'audience_read', durable: true },
  viewer_count: { permission: 'audience_read', durable: false },
  donation: { permission: 'donations_read', durable: true },
  super_chat: { permission: 'donations_read', durable: true },
  super_sticker: { permission: 'donations_read', durable: true },
  platform_gift: { permission: 'donations_read', durable: true },
  charity_donation: { permission: 'donations_read', durable: true },
  membership_payment: { permission: 'donations_read', durable: true },
  shop_order: { permission: 'donations_read', durable: true },
  reward_redemption: { permission: 'rewards_read', durable: true },
  reward_redemption_updated: { permission: 'rewards_read', durable: true },
  reward_changed: { permission: 'rewards_read', durable: true },
  poll: { permission: 'polls_read', durable: true },
  prediction: { permission: 'polls_read', durable: true },
  stream_online: { permission: 'stream_read', durable: true },
  stream_offline: { permission: 'stream_read', durable: true },
  stream_updated: { permission: 'stream_read', durable: true },
  ad_break: { permission: 'stream_read', durable: true },
  raid_outgoing: { permission: 'stream_read', durable: true },
  clip_created: { permission: 'stream_read', durable: true },
  user_banned: { permission: 'moderation_read', durable: true },
  user_unbanned: { permission: 'moderation_read', durable: true },
  user_warned: { permission: 'moderation_read', durable: true },
  role_changed: { permission: 'moderation_read', durable: true },
  unban_request: { permission: 'moderation_read', durable: true },
  automod_message: { permission: 'moderation_read', durable: true },
  shield_mode: { permission: 'moderation_read', durable: true },
  suspicious_user: { permission: 'moderation_read', durable: true },
  obs_state: { permission: 'obs_read', durable: true },
  module_event: { permission: null, durable: true },
  platform_state: { permission: null, durable: false },
  event_gap: { permission: null, durable: true },
};

/**
 * Something a module asks for; `cmd` is the tag on the wire.
 *
 * A command with an `idempotency_key` that was seen in the last 24 h is not done again: the first
 * answer is given instead.
 */
export interface CommandBase {
  cmd: CommandName;
  idempotency_key?: string | null;
}

/**
 * Write `msg` in the chat; the result is `{"message_id": …, "message_ids": […]}`.
 *
 * A text over the platform's limit is split at words into at most three messages. What a module
 * writes goes out as the second account, the bot, where the streamer connected one.
 */
export interface SendChat extends CommandBase {
  cmd: 'send_chat';
  target: string;
  msg: string;
  reply_to?: string | null;
}

/** Remove one message. */
export interface DeleteChatMessage extends CommandBase {
  cmd: 'delete_chat_message';
  target: string;
  message_id: string;
}

/** Remove everything that is written in the chat. */
export interface ClearChat extends CommandBase {
  cmd: 'clear_chat';
  target: string;
}

/**
 * Silence a person for `duration_s` seconds.
 *
 * Whoever a `user_id` means is named by the platform's id, or by login with an `@` before it. The
 * result is `{"user_id": …, "ends_at": …}`.
 */
export interface TimeoutUser extends CommandBase {
  cmd: 'timeout_user';
  target: string;
  user_id: string;
  duration_s: number;
  reason?: string;
}

/** Ban a person (an id, or `@login`) for good; the result is `{"user_id": …}`. */
export interface BanUser extends CommandBase {
  cmd: 'ban_user';
  target: string;
  user_id: string;
  reason?: string;
}

/** Lift a ban or a time-out of a person (an id, or `@login`). */
export interface UnbanUser extends CommandBase {
  cmd: 'unban_user';
  target: string;
  user_id: string;
}

/** Warn a person (an id, or `@login`), who has to confirm before writing again. */
export interface WarnUser extends CommandBase {
  cmd: 'warn_user';
  target: string;
  user_id: string;
  reason: string;
}

/** Change the chat's rules; a field that is left out stays as it is, 0 switches off. */
export interface SetChatMode extends CommandBase {
  cmd: 'set_chat_mode';
  target: string;
  emote_only?: boolean | null;
  followers_only_minutes?: number | null;
  subscribers_only?: boolean | null;
  slow_mode_s?: number | null;
  unique_only?: boolean | null;
}

/**
 * Change title, category (by name or id), language or tags; what is left out stays.
 *
 * A category that is not known is `not_found`, with the names that come nearest.
 */
export interface UpdateStream extends CommandBase {
  cmd: 'update_stream';
  target: string;
  title?: string | null;
  category?: string | null;
  language?: string | null;
  tags?: readonly string[] | null;
}

/**
 * Make a clip of the last seconds; answered when it is there, or could not be made.
 *
 * The result is `{"clip_id", "url", "edit_url", "title", "duration_s"}`; `edit_url` is where the
 * streamer can cut it.
 */
export interface CreateClip extends CommandBase {
  cmd: 'create_clip';
  target: string;
  title?: string;
  duration_s?: number;
}

/** Mark this moment in the recording; the result is `{"marker_id": …, "position_s": n}`. */
export interface CreateMarker extends CommandBase {
  cmd: 'create_marker';
  target: string;
  description?: string;
}

/**
 * Run advertising.
 *
 * The result is `{"duration_s", "retry_after_s", "message"}`: how long it runs, when the next may
 * be asked for, and what the platform says of it.
 */
export interface StartAd extends CommandBase {
  cmd: 'start_ad';
  target: string;
  duration_s?: number;
}

/**
 * Send the viewers to another channel, named by its login.
 *
 * The result is `{"channel_id": …, "starts_within_s": n}`: until then the streamer can still
 * confirm it at once or call it off.
 */
export interface StartRaid extends CommandBase {
  cmd: 'start_raid';
  target: string;
  channel: string;
}

/** Call off a raid that was announced and has not begun. */
export interface CancelRaid extends CommandBase {
  cmd: 'cancel_raid';
  target: string;
}

/** Recommend another channel, named by its login; the result is `{"channel_id": …}`. */
export interface SendShoutout extends CommandBase {
  cmd: 'send_shoutout';
  target: string;
  channel: string;
}

/** Write a highlighted message; `color` is `primary` or a name that the platform knows. */
export interface SendAnnouncement extends CommandBase {
  cmd: 'send_announcement';
  target: string;
  msg: string;
  color?: string;
}

/** Make a reward; the result is `{"reward_id": …}`. */
export interface CreateReward extends CommandBase {
  cmd: 'create_reward';
  target: string;
  title: string;
  cost: number;
  prompt?: string;
  needs_input?: boolean;
  cooldown_s?: number;
  is_enabled?: boolean;
}

/** Change a reward that StreamCore made; what is left out stays, `cooldown_s` 0 is none. */
export interface UpdateReward extends CommandBase {
  cmd: 'update_reward';
  target: string;
  reward_id: string;
  title?: string | null;
  cost?: number | null;
  prompt?: string | null;
  needs_input?: boolean | null;
  cooldown_s?: number | null;
  is_enabled?: boolean | null;
}

/** Remove a reward that StreamCore made. */
export interface DeleteReward extends CommandBase {
  cmd: 'delete_reward';
  target: string;
  reward_id: string;
}

/** Accept a redemption, or cancel it and give the points back. */
export interface SetRedemptionStatus extends CommandBase {
  cmd: 'set_redemption_status';
  target: string;
  reward_id: string;
  redemption_id: string;
  status: RedemptionStatus;
}

/** Ask the viewers; the result is `{"poll_id": …, "choices": [{"id", "title"}]}`. */
export interface StartPoll extends CommandBase {
  cmd: 'start_poll';
  target: string;
  title: string;
  choices: readonly string[];
  duration_s?: number;
}

/** End a poll now. */
export interface EndPoll extends CommandBase {
  cmd: 'end_poll';
  target: string;
  poll_id: string;
  show_results?: boolean;
}

/**
 * Let viewers bet points.
 *
 * The result is `{"prediction_id": …, "outcomes": [{"id", "title"}]}`; one of these ids resolves
 * it.
 */
export interface StartPrediction extends CommandBase {
  cmd: 'start_prediction';
  target: string;
  title: string;
  outcomes: readonly string[];
  duration_s?: number;
}

/** Take no more bets; the prediction waits to be resolved. */
export interface LockPrediction extends CommandBase {
  cmd: 'lock_prediction';
  target: string;
  prediction_id: string;
}

/** Pay out the winning outcome, or cancel (no `outcome_id`) and give the points back. */
export interface ResolvePrediction extends CommandBase {
  cmd: 'resolve_prediction';
  target: string;
  prediction_id: string;
  outcome_id?: string | null;
}

/** Ask OBS something in its own words (`request_type` of its WebSocket protocol). */
export interface ObsRequest extends CommandBase {
  cmd: 'obs_request';
  request_type: string;
  data?: Readonly<Record<string, unknown>>;
}

/**
 * Fetch an `https` address whose host stands in the manifest's `network` list.
 *
 * The result is `{"status": …, "headers": {…}, "body": …}`.
 */
export interface HttpRequest extends CommandBase {
  cmd: 'http_request';
  url: string;
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | null;
  timeout_s?: number;
}

/** Call a handler of a module from the manifest's `calls` list; its answer is the result. */
export interface CallModule extends CommandBase {
  cmd: 'call_module';
  module_id: string;
  name: string;
  args?: Readonly<Record<string, unknown>>;
}

/** Read a value; the result is `{"found": bool, "value": …}`. */
export interface StorageGet extends CommandBase {
  cmd: 'storage_get';
  key: string;
}

/** Keep a JSON value across restarts (16 MiB for all of a module's keys together). */
export interface StorageSet extends CommandBase {
  cmd: 'storage_set';
  key: string;
  value: unknown;
}

/** Forget a value; the result is `{"deleted": bool}`. */
export interface StorageDelete extends CommandBase {
  cmd: 'storage_delete';
  key: string;
}

/** List keys; the result is `{"keys": [...]}`, sorted, at most 1,000 after `after`. */
export interface StorageList extends CommandBase {
  cmd: 'storage_list';
  prefix?: string;
  after?: string;
}

/** Read replicated state; the result is `{"found": bool, "value": …, "revision": n}`. */
export interface StateGet extends CommandBase {
  cmd: 'state_get';
  key: string;
}

/**
 * Change replicated state; the module's pages see it at once.
 *
 * With `expected_revision` the change is made only when nobody else was faster (`conflict`). The
 * result is `{"revision": n}`.
 */
export interface StateSet extends CommandBase {
  cmd: 'state_set';
  key: string;
  value: unknown;
  expected_revision?: number | null;
}

/** Send a message to the module's open pages, or to those of one view. */
export interface ViewEmit extends CommandBase {
  cmd: 'view_emit';
  name: string;
  data?: unknown;
  view_id?: string | null;
}

/**
 * Put a `module_event` of the module in the log; the result is `{"id": …, "seq": n}`.
 *
 * They are empty and 0 when the log had it already, from before a crash of StreamCore.
 */
export interface EmitEvent extends CommandBase {
  cmd: 'emit_event';
  name: string;
  data?: Readonly<Record<string, unknown>>;
}

/** Write a line into the module's log that the streamer can read. */
export interface Log extends CommandBase {
  cmd: 'log';
  level: string;
  text: string;
}

/** Read the state of the platforms that the module declared. */
export interface GetPlatforms extends CommandBase {
  cmd: 'get_platforms';
}

/**
 * Read who is in the chat, as far as the platform tells.
 *
 * The result is `{"viewers": [{"id", "login", "name"}], "total": n, "after": …}`: at most `limit`
 * (1 to 1,000) of them, how many there are in all, and the `after` that reads the next ones (null
 * after the last).
 */
export interface GetViewers extends CommandBase {
  cmd: 'get_viewers';
  target: string;
  limit?: number;
  after?: string;
}

/** Every command, told apart by `cmd`. */
export type AnyCommand =
  | SendChat
  | DeleteChatMessage
  | ClearChat
  | TimeoutUser
  | BanUser
  | UnbanUser
  | WarnUser
  | SetChatMode
  | UpdateStream
  | CreateClip
  | CreateMarker
  | StartAd
  | StartRaid
  | CancelRaid
  | SendShoutout
  | SendAnnouncement
  | CreateReward
  | UpdateReward
  | DeleteReward
  | SetRedemptionStatus
  | StartPoll
  | EndPoll
  | StartPrediction
  | LockPrediction
  | ResolvePrediction
  | ObsRequest
  | HttpRequest
  | CallModule
  | StorageGet
  | StorageSet
  | StorageDelete
  | StorageList
  | StateGet
  | StateSet
  | ViewEmit
  | EmitEvent
  | Log
  | GetPlatforms
  | GetViewers;

export type CommandName =
  | 'send_chat'
  | 'delete_chat_message'
  | 'clear_chat'
  | 'timeout_user'
  | 'ban_user'
  | 'unban_user'
  | 'warn_user'
  | 'set_chat_mode'
  | 'update_stream'
  | 'create_clip'
  | 'create_marker'
  | 'start_ad'
  | 'start_raid'
  | 'cancel_raid'
  | 'send_shoutout'
  | 'send_announcement'
  | 'create_reward'
  | 'update_reward'
  | 'delete_reward'
  | 'set_redemption_status'
  | 'start_poll'
  | 'end_poll'
  | 'start_prediction'
  | 'lock_prediction'
  | 'resolve_prediction'
  | 'obs_request'
  | 'http_request'
  | 'call_module'
  | 'storage_get'
  | 'storage_set'
  | 'storage_delete'
  | 'storage_list'
  | 'state_get'
  | 'state_set'
  | 'view_emit'
  | 'emit_event'
  | 'log'
  | 'get_platforms'
  | 'get_viewers';

/** The command with this `cmd`. */
export type CommandOf<T extends CommandName> = Extract<AnyCommand, { cmd: T }>;

/** What the sender of a command needs; null is for commands on its own data. */
export const COMMANDS: Readonly<Record<CommandName, Permission | null>> = {
  send_chat: 'chat_send',
  delete_chat_message: 'chat_moderate',
  clear_chat: 'chat_moderate',
  timeout_user: 'chat_moderate',
  ban_user: 'chat_moderate',
  unban_user: 'chat_moderate',
  warn_user: 'chat_moderate',
  set_chat_mode: 'chat_moderate',
  update_stream: 'stream_manage',
  create_clip: 'stream_manage',
  create_marker: 'stream_manage',
  start_ad: 'stream_manage',
  start_raid: 'stream_manage',
  cancel_raid: 'stream_manage',
  send_shoutout: 'stream_manage',
  send_announcement: 'stream_manage',
  create_reward: 'rewards_manage',
  update_reward: 'rewards_manage',
  delete_reward: 'rewards_manage',
  set_redemption_status: 'rewards_manage',
  start_poll: 'polls_manage',
  end_poll: 'polls_manage',
  start_prediction: 'polls_manage',
  lock_prediction: 'polls_manage',
  resolve_prediction: 'polls_manage',
  obs_request: 'obs_control',
  http_request: 'network',
  call_module: 'modules_call',
  storage_get: null,
  storage_set: null,
  storage_delete: null,
  storage_list: null,
  state_get: null,
  state_set: null,
  view_emit: null,
  emit_event: null,
  log: null,
  get_platforms: null,
  get_viewers: 'chat_read',
};

/** `ack`: every durable event up to `cursor` is dealt with. */
export interface Ack {
  cursor: number;
}

/**
 * `call` to a module: somebody asks for a handler by name; the ack is a `CommandAnswer`.
 *
 * `caller` is `view:<view id>`, `module:<module id>` or `dashboard`.
 */
export interface Call {
  name: string;
  args: Readonly<Record<string, unknown>>;
  caller: string;
}

/** The acknowledgement of `command` and of `call`. */
export interface CommandAnswer {
  ok: boolean;
  result?: unknown;
  error?: ErrorBody | null;
}

/** `auth` of `/dashboard`: a session token. */
export interface DashboardAuth {
  token: string;
}

/** `gap`: this many events were skipped because the reader was too slow. */
export interface Gap {
  skipped: number;
}

/** `grants`: a permission was given or withdrawn. */
export interface GrantsChanged {
  granted: readonly string[];
  denied: readonly string[];
}

/**
 * `auth` of `/module`; over an inherited descriptor there is no token.
 *
 * The token is the launch token at first and the resume token of `welcome` on a reconnect.
 */
export interface ModuleAuth {
  protocol: number;
  token?: string | null;
  sdk?: string;
}

/** What a module is told about a platform that it declared. */
export interface PlatformInfo {
  connected: boolean;
  capabilities: readonly string[];
}

/** `ready` of a module or a page: which event types it wants. */
export interface Ready {
  subscribe?: readonly string[];
}

/** The acknowledgement of `ready`. */
export interface ReadyAnswer {
  refused: readonly Refusal[];
}

/** An event type that the grants do not cover; `permission` is None for an unknown type. */
export interface Refusal {
  type: string;
  permission: string | null;
  message: string;
}

/** `settings`: the new, validated values. */
export interface SettingsChanged {
  settings: Readonly<Record<string, unknown>>;
}

/** `shutdown`: the module is ended when the deadline passes. */
export interface Shutdown {
  deadline_ms: number;
}

/** `state` to pages: one key has a new value. */
export interface StateChanged {
  key: string;
  value: unknown;
  revision: number;
}

/** One key of the replicated state; `revision` grows with every change. */
export interface StateValue {
  value: unknown;
  revision: number;
}

/** `auth` of `/view`: the key of one view. */
export interface ViewAuth {
  key: string;
  protocol: number;
}

/** `call` of a page to its own module's backend; the ack is a `CommandAnswer`. */
export interface ViewCall {
  name: string;
  args?: Readonly<Record<string, unknown>>;
}

/** `message` to pages: what the module sent by `view_emit`. */
export interface ViewMessage {
  name: string;
  data: unknown;
}

/** `module` to pages: whether the module behind the page runs. */
export interface ViewModule {
  running: boolean;
}

/**
 * `welcome` of `/view`.
 *
 * `boot_id` is new at every start of the core, `digest` with every change of the module's files: a
 * page whose digest is another one reloads itself.
 */
export interface ViewWelcome {
  module_id: string;
  view_id: string;
  granted: readonly string[];
  settings: Readonly<Record<string, unknown>>;
  state: Readonly<Record<string, StateValue>>;
  platforms: Readonly<Record<string, PlatformInfo>>;
  module_running: boolean;
  boot_id: string;
  digest: string;
  protocol: number;
}

/** `welcome` of `/module`: everything that a module needs at start. */
export interface Welcome {
  module_id: string;
  granted: readonly string[];
  denied: readonly string[];
  settings: Readonly<Record<string, unknown>>;
  state: Readonly<Record<string, StateValue>>;
  platforms: Readonly<Record<string, PlatformInfo>>;
  cursor: number;
  resume_token: string;
  protocol: number;
  data_dir: string;
}

/**
 * The content of `manifest.json`, after every rule was checked.
 *
 * `requirements` lists platforms (`["*"]` for all) and is a whitelist: nothing of any other
 * platform reaches the module, whatever its permissions. `settings` is a JSON Schema object,
 * `state` gives a JSON Schema for each key of the replicated state.
 */
export interface Manifest {
  id: string;
  name: string | Readonly<Record<string, string>>;
  version: string;
  requirements: readonly string[];
  permissions: readonly Permission[];
  entry_point?: string | null;
  description?: string | Readonly<Record<string, string>>;
  author?: string;
  homepage?: string;
  license?: string;
  icon?: string;
  tags?: readonly string[];
  streamcore?: string;
  views?: readonly View[];
  settings?: Readonly<Record<string, unknown>>;
  state?: Readonly<Record<string, unknown>>;
  network?: readonly string[];
  calls?: readonly string[];
  catch_up?: readonly string[];
  python_dependencies?: readonly string[];
  limits?: Limits;
}

/** What a streamer is told about a permission on the consent page. */
export interface PermissionInfo {
  risk: Risk;
  en: string;
  ru: string;
}

export const PERMISSIONS: Readonly<Record<Permission, PermissionInfo>> = {
  chat_read: {
    risk: 'low',
    en: 'Read the chat of your streams.',
    ru: 'Читать чат ваших трансляций.',
  },
  audience_read: {
    risk: 'low',
    en: 'See new followers, subscribers, raids and viewer counts.',
    ru: 'Видеть новых фолловеров, подписчиков, рейды и число зрителей.',
  },
  donations_read: {
    risk: 'medium',
    en: 'See donations: who sent them, how much and with what message.',
    ru: 'Видеть донаты: кто, сколько и с каким сообщением прислал.',
  },
  rewards_read: {
    risk: 'low',
    en: 'See which channel rewards viewers redeem.',
    ru: 'Видеть, какие награды канала получают зрители.',
  },
  polls_read: {
    risk: 'low',
    en: 'See polls and predictions.',
    ru: 'Видеть опросы и прогнозы.',
  },
  stream_read: {
    risk: 'low',
    en: 'See when you go live, your title, category and ads.',
    ru: 'Видеть начало и конец трансляции, её название, категорию и рекламу.',
  },
  moderation_read: {
    risk: 'medium',
    en: 'See bans, warnings, unban requests and held messages.',
    ru: 'Видеть баны, предупреждения, просьбы о разбане и задержанные сообщения.',
  },
  obs_read: {
    risk: 'low',
    en: 'See the current scene and recording state in OBS.',
    ru: 'Видеть текущую сцену и состояние записи в OBS.',
  },
  chat_send: {
    risk: 'medium',
    en: 'Write in the chat in your name.',
    ru: 'Писать в чат от вашего имени.',
  },
  chat_moderate: {
    risk: 'high',
    en: 'Delete messages, time out and ban viewers, change chat modes.',
    ru: 'Удалять сообщения, давать таймауты и баны, менять режимы чата.',
  },
  stream_manage: {
    risk: 'high',
    en: 'Change your title and category, start ads and raids, make clips and announcements.',
    ru: 'Менять название и категорию, запускать рекламу и рейды, делать клипы и объявления.',
  },
  rewards_manage: {
    risk: 'medium',
    en: 'Create, change and delete channel rewards, accept and refund redemptions.',
    ru: 'Создавать, менять и удалять награды канала, принимать и возвращать их.',
  },
  polls_manage: {
    risk: 'medium',
    en: 'Start and end polls and predictions.',
    ru: 'Запускать и завершать опросы и прогнозы.',
  },
  obs_control: {
    risk: 'high',
    en: 'Control OBS: switch scenes, show and hide sources, mute audio.',
    ru: 'Управлять OBS: переключать сцены, показывать и скрывать источники, глушить звук.',
  },
  network: {
    risk: 'high',
    en: 'Exchange data with the internet addresses listed below.',
    ru: 'Обмениваться данными с адресами в интернете из списка ниже.',
  },
  modules_call: {
    risk: 'medium',
    en: 'Call the other modules listed below.',
    ru: 'Обращаться к другим модулям из списка ниже.',
  },
};

export const ERROR_CODES = [
  'permission_denied',
  'platform_not_declared',
  'platform_not_connected',
  'unsupported_by_platform',
  'unknown_command',
  'invalid_command',
  'rate_limited',
  'quota_exhausted',
  'rejected_by_platform',
  'timeout',
  'not_found',
  'conflict',
  'too_large',
  'internal',
] as const;

/** A part of a list; `next` is the cursor of what follows, null at its end. */
export interface Page<T> {
  items: readonly T[];
  next: string | null;
}

/** Where a module stands; the first three are said of modules that nobody runs. */
export type ModuleState =
  | 'invalid'
  | 'awaiting_consent'
  | 'disabled'
  | 'starting'
  | 'running'
  | 'backing_off'
  | 'failed'
  | 'stopping';

/** An error keeps the module from running, a warning is only shown. */
export type Severity = 'error' | 'warning';

/** `rebuilt`: the database was damaged, is kept aside, and this start began a new one. */
export type StorageState = 'ok' | 'disk_full' | 'failing' | 'rebuilt';

/** One thing that was denied, consented to or done. */
export interface AuditRow {
  id: string;
  at: Timestamp;
  kind: 'action' | 'consent' | 'denied';
  module_id: string | null;
  command: string | null;
  permission: string | null;
  detail: string;
}

/** The second account, in whose name modules write while it is connected. */
export interface BotRecord {
  state: PlatformStateName;
  reason: string;
  reasons: Words;
  account: Account | null;
}

/** The streamer logs in at `url`, which leads back to the app. */
export interface BrowserFlow {
  flow: 'browser';
  url: string;
}

/** What became of a message, by platform. */
export interface ChatResults {
  results: Readonly<Record<string, SendResult>>;
}

/** Nothing to do: the platform is connected, or reconnecting with the account it knows. */
export interface Connected {
  flow: 'connected';
}

/** What the streamer agreed to, less what was withdrawn since. */
export interface ConsentRecord {
  digest: string;
  permissions: readonly string[];
  requirements: readonly string[];
  network: readonly string[];
  at: Timestamp;
}

/** The streamer opens an address, on any device, and confirms the code there. */
export interface DeviceFlow {
  flow: 'device';
  user_code: string;
  verification_uri: string;
  expires_at: Timestamp;
}

/** How a module differs from what was agreed to; `code` says that its files changed. */
export interface Difference {
  code: boolean;
  added: Wishes;
  removed: Wishes;
}

/** One thing the streamer types in; the texts are by language (`en`, `ru`). */
export interface FormField {
  name: string;
  title: Readonly<Record<string, string>>;
  help: Readonly<Record<string, string>>;
  is_secret: boolean;
}

/**
 * How lively the connection for events is.
 *
 * `heard_at` is the time of the last sign of life, `keepalive_s` how often the platform promised
 * one, `delay_ms` the median time that recent events took from the platform to here.
 */
export interface Health {
  heard_at: Timestamp | null;
  keepalive_s: number | null;
  delay_ms: number | null;
}

/** How the last process ended when nobody had asked it to; `lines` are its last words. */
export interface LastError {
  at: Timestamp;
  exit: string;
  lines: readonly string[];
}

/** One line of a module: its output, or what it wrote by `log`. */
export interface LogLine {
  at: Timestamp;
  stream: string;
  level: string;
  text: string;
}

/** Test events as they stand in the log. */
export interface LoggedEvents {
  events: readonly AnyEvent[];
}

/** A module; `digest` is what `approve` takes back, `changed` what is new since the consent. */
export interface ModuleRecord {
  id: string;
  source: string;
  manifest: Manifest | null;
  state: ModuleState;
  problems: readonly Problem[];
  warnings: readonly Problem[];
  digest: string;
  enabled: boolean;
  granted: readonly string[];
  consent: ConsentRecord | null;
  changed: Difference | null;
  sandbox: SandboxRecord;
  usage: UsageRecord;
  restarts: number;
  pid: number | null;
  started_at: Timestamp | null;
  last_error: LastError | null;
}

/** A page of a module with the address that goes into OBS, key included. */
export interface ModuleView {
  id: string;
  title: string | Readonly<Record<string, string>>;
  kind: ViewKind;
  path: string;
  width: number;
  height: number;
  url: string;
}

/** Opens the dashboard once, behind `#code=`, within a minute. */
export interface OneTimeCode {
  code: string;
}

/** Something about a platform that the streamer switches on or off. */
export interface Option {
  id: string;
  title: Words;
  help: Words;
  value: boolean;
}

/**
 * One thing that a login can allow; the sentence for it is the protocol's.
 *
 * A login asks for what `is_on`; `is_granted` says that the present one allows all of it;
 * `wanted_by` names the modules that were allowed it by the streamer.
 */
export interface PermissionStatus {
  permission: Permission;
  is_on: boolean;
  is_granted: boolean;
  wanted_by: readonly string[];
}

/** A platform as the dashboard shows it; `reason` is the English one of `reasons`. */
export interface PlatformRecord {
  id: string;
  name: string;
  state: PlatformStateName;
  can_sign_in: boolean;
  reason: string;
  reasons: Words;
  account: Account | null;
  capabilities: readonly string[];
  scopes: readonly string[];
  last_event_at: Timestamp | null;
  quota: Readonly<Record<string, unknown>> | null;
  permissions: readonly PermissionStatus[];
  bot: BotRecord | null;
  options: readonly Option[];
  health: Health | null;
}

/**
 * One thing to mend: where it is, what was expected there, what was found, what to do.
 *
 * `path` is a JSON path (`$.permissions[1]`) inside `file`, or empty when the file as a whole is
 * meant.
 */
export interface Problem {
  file: string;
  path: string;
  expected: string;
  found: string;
  severity: Severity;
  hint: string;
}

/** How well this module's process is really confined (S0, not at all, to S3). */
export interface SandboxRecord {
  level: string;
  launcher: string;
}

/** Whether one platform took a message. */
export interface SendResult {
  ok: boolean;
  result?: unknown;
  error?: ErrorBody | null;
}

/** What a one-time code is exchanged for. */
export interface SessionToken {
  token: string;
  expires_at: Timestamp;
}

/** How the database stands; `detail` is a sentence for the streamer, empty while it is ok. */
export interface StorageStatus {
  state: StorageState;
  since: Timestamp | null;
  detail: string;
}

/** The core itself; more fields may follow. */
export interface SystemInfo {
  version: string;
  boot_id: string;
  started_at: Timestamp;
  uptime_s: number;
  home: string;
  platform: string;
  python: string;
  demo: boolean;
  sandbox: Readonly<Record<string, string>>;
  secrets: Readonly<Record<string, string | null>>;
  cpu_percent: number;
  rss_mb: number;
  connections: Readonly<Record<string, number>>;
  events: Readonly<Record<string, number>>;
  storage: StorageStatus;
}

/**
 * The streamer fills in `fields`; `connect` is called again with their values.
 *
 * `reason` says in English why they are asked for again, `reasons` in every language.
 */
export interface TokenFlow {
  flow: 'token';
  fields: readonly FormField[];
  reason: string;
  reasons: Words;
}

/** What the module takes from the machine and how busy it is. */
export interface UsageRecord {
  cpu_percent: number;
  rss_mb: number;
  events_per_s: number;
  commands_per_s: number;
}

/** What a module asks for. */
export interface Wishes {
  permissions: readonly string[];
  requirements: readonly string[];
  network: readonly string[];
}

/** One text in English and in Russian; no text at all counts as false. */
export interface Words {
  en: string;
  ru: string;
}
