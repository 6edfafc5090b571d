/** One full event of every type of the protocol; a type that is forgotten does not compile. */
import type { AnyEvent, EventBase, EventOf, EventType, User } from '@/protocol/schema.gen';

const user: User = {
  id: '7',
  login: 'mira',
  name: 'Mira',
  avatar_url: null,
  color: null,
  roles: [],
  badges: [],
  subscriber_months: null,
  is_first_time: false,
  is_anonymous: false,
};
const moderator: User = { ...user, id: '8', login: 'mod', name: 'Mod' };
const amount = { value: 500, exponent: 2, currency: 'EUR', display: '€5.00' };
const at = '2026-11-20T18:00:00Z';

const OWN: { readonly [T in EventType]: Omit<EventOf<T>, keyof EventBase> } = {
  chat_message: {
    message_id: 'm1',
    text: 'hello',
    fragments: [],
    reply_to: null,
    kind: 'text',
    bits: 0,
  },
  chat_message_deleted: { message_id: 'm1' },
  chat_user_cleared: {},
  chat_cleared: {},
  chat_mode_changed: {
    emote_only: true,
    followers_only_minutes: 10,
    subscribers_only: false,
    slow_mode_s: 30,
    unique_only: null,
  },
  chat_announcement: { text: 'an announcement', fragments: [], color: 'primary' },
  platform_notice: { name: 'modiversary', text: '', raw_type: 'modiversary' },
  follow: {},
  subscription: { tier: 1, months: 1, is_gift: false, is_prime: false },
  resubscription: {
    tier: 1,
    months: 4,
    streak_months: 4,
    is_gift: false,
    is_prime: false,
    text: 'still here',
    fragments: [],
  },
  gift_subscription: { tier: 1, months: 1, recipient: { id: '9', login: 'ada', name: 'Ada' } },
  gift_subscription_bomb: { count: 5, tier: 1, recipients: [], is_complete: false },
  subscription_upgraded: { tier: 1, source: 'gift' },
  subscription_ended: { tier: 1, is_gift: false },
  raid: { from: user, viewers: 12 },
  cheer: { bits: 100, text: 'nice', fragments: [] },
  power_up: { bits: 30, power_up: 'celebration', text: '' },
  watch_streak: { streams: 5, text: '' },
  shoutout: { to_user: moderator, viewers: 5, is_received: false },
  hype_train: { phase: 'begin', level: 1, total: 300, goal: 1800 },
  goal: {
    phase: 'begin',
    kind: 'follow',
    description: '',
    current: 5,
    target: 100,
    is_achieved: false,
  },
  viewer_count: { viewers: 12, likes: null },
  donation: { amount, text: 'for tea', service: 'service', donor: 'Anna' },
  super_chat: { amount, text: 'hi', message_id: 's1', fragments: [], level: 1 },
  super_sticker: { amount, text: 'a cat', sticker_id: 'c', image_url: null, level: 1 },
  platform_gift: { amount, text: '', gift_id: 'g', name: 'Rose', combo: 1 },
  charity_donation: { amount, text: '', charity: 'Red Cross' },
  membership_payment: { amount, text: '', level_name: 'Gold', months: 1 },
  shop_order: { amount, text: '', item: 'Mug', quantity: 1 },
  reward_redemption: {
    reward_id: 'w1',
    title: 'Hydrate',
    cost: 300,
    redemption_id: 'x1',
    input: 'water please',
    status: 'unfulfilled',
  },
  reward_redemption_updated: {
    reward_id: 'w1',
    title: 'Hydrate',
    cost: 300,
    redemption_id: 'x1',
    status: 'canceled',
  },
  reward_changed: {
    reward_id: 'w1',
    title: 'Hydrate',
    cost: 300,
    change: 'added',
    is_enabled: true,
  },
  poll: {
    phase: 'end',
    poll_id: 'p1',
    title: 'Next map?',
    choices: [
      { id: '1', title: 'Desert', votes: 30, points: 0 },
      { id: '2', title: 'Forest', votes: 10, points: 0 },
    ],
    ends_at: at,
    status: 'completed',
  },
  prediction: {
    phase: 'end',
    prediction_id: 'p2',
    title: 'Will it work?',
    outcomes: [
      { id: '1', title: 'Yes', votes: 3, points: 3000 },
      { id: '2', title: 'No', votes: 1, points: 500 },
    ],
    winning_outcome_id: '1',
    locks_at: at,
    status: 'resolved',
  },
  stream_online: { started_at: at, title: 'Evening', category: 'Chess' },
  stream_offline: {},
  stream_updated: { title: 'Night', category: 'Chess', language: 'en', changed: ['title'] },
  ad_break: { phase: 'begin', duration_s: 60, is_automatic: true },
  raid_outgoing: { to_user: moderator, viewers: 40 },
  clip_created: { clip_id: 'c1', url: 'https://example.com/c1', title: 'wow' },
  user_banned: { moderator, reason: 'spam', ends_at: null, is_permanent: true },
  user_unbanned: { moderator },
  user_warned: { moderator, reason: 'be kind', is_acknowledged: false },
  role_changed: { moderator, role: 'vip', is_added: true },
  unban_request: { moderator: null, request_id: 'u1', text: 'sorry', status: 'pending' },
  automod_message: {
    moderator: null,
    message_id: 'm2',
    text: 'rude words',
    category: 'swearing',
    status: 'held',
  },
  shield_mode: { moderator, is_active: true },
  suspicious_user: { moderator: null, status: 'restricted', text: 'hm' },
  obs_state: {
    changed: 'scene',
    is_connected: true,
    scene: 'Game',
    is_streaming: true,
    is_recording: false,
    source: null,
    is_visible: null,
    is_muted: null,
  },
  module_event: { module_id: 'bot', name: 'song', data: {} },
  platform_state: { state: 'connected', reason: '', account: null },
  event_gap: {
    from: '2026-11-20T17:00:00Z',
    to: at,
    reason: 'asleep',
    backfilled: ['follow', 'stream_online'],
  },
};

let seq = 0;

/** An event of this type, with some of its fields changed. */
export function sample<T extends EventType>(
  type: T,
  changes: Partial<EventOf<T>> = {},
): EventOf<T> & AnyEvent {
  seq += 1;
  const base: EventBase = {
    type,
    id: `sample-${seq}`,
    seq,
    platform: 'twitch',
    channel_id: 'c1',
    at,
    received_at: at,
    origin: 'live',
    is_test: false,
    source_id: `source-${seq}`,
    group_id: null,
    user,
  };
  // The two halves make the whole of that type.
  return { ...base, ...OWN[type], ...changes } as unknown as EventOf<T> & AnyEvent;
}
