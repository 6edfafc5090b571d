import { describe as group, expect, it } from 'vitest';
import { translate, isMessageKey, LOCALES, type Locale } from '@/lib/i18n/translate';
import { ACTIVITY_TYPES, CHAT_TYPES, MODERATION_TYPES } from '@/lib/live';
import { EVENTS, type AnyEvent, type EventType } from '@/protocol/schema.gen';
import { sample } from '../../../test/sample-events';
import type { Words } from './activity-line';
import { describe } from './activity-text';

const words = (locale: Locale): Words => ({
  t: (key, values) => translate(locale, key, values),
  tOr: (key, fallback, values) => (isMessageKey(key) ? translate(locale, key, values) : fallback),
  number: String,
  time: (iso) => iso.slice(11, 16),
});

const say = (event: AnyEvent, locale: Locale = 'en') =>
  describe({ id: event.id, event, gifts: [] }, words(locale));

/** Everything that is said of an event, in one line. */
const told = (event: AnyEvent, locale: Locale = 'en'): string => {
  const text = say(event, locale);
  return [text?.who?.name, text?.says, text?.amount, text?.text, text?.note]
    .filter(Boolean)
    .join(' | ');
};

/** What is shown in another place, and where. */
const ELSEWHERE: Partial<Record<EventType, string>> = {
  viewer_count: 'the status strip',
  platform_state: 'the platform’s card and the status strip',
  obs_state: 'the part that speaks with OBS',
  module_event: 'the module that made it, for itself',
};

group('every event of the protocol', () => {
  const feed: readonly string[] = [...ACTIVITY_TYPES, ...MODERATION_TYPES];
  const chat: readonly string[] = CHAT_TYPES;

  it.each(Object.keys(EVENTS) as EventType[])('%s has its place on the Live page', (type) => {
    expect(feed.includes(type) || chat.includes(type) || type in ELSEWHERE).toBe(true);
  });

  it.each([...ACTIVITY_TYPES, ...MODERATION_TYPES])(
    '%s has a sentence in each language',
    (type) => {
      const said = LOCALES.map((locale) => say(sample(type), locale)?.says ?? '');
      for (const sentence of said) {
        expect(sentence).not.toBe('');
        expect(sentence).not.toMatch(/[{}]|undefined|NaN/);
      }
      expect(new Set(said).size).toBe(LOCALES.length);
    },
  );

  it.each([...MODERATION_TYPES])('%s is found under moderation', (type) => {
    expect(say(sample(type))?.kind).toBe('moderation');
  });
});

it.each<[string, AnyEvent, string]>([
  [
    'a poll that is decided',
    sample('poll'),
    'Poll ended: Next map? | 40 votes | Ahead: Desert, 75 %',
  ],
  [
    'a prediction that is decided',
    sample('prediction'),
    'Prediction ended: Will it work? | 3,500 points | Outcome: Yes',
  ],
  [
    'a prediction that is called off',
    sample('prediction', { status: 'canceled', winning_outcome_id: null }),
    'Prediction cancelled, the points were given back: Will it work?',
  ],
  [
    'a gap of which some was fetched',
    sample('event_gap'),
    'No connection from 17:00 to 18:00 | Fetched afterwards: follows, stream. Chat of that time is missing.',
  ],
  [
    'a gap of which nothing was fetched',
    sample('event_gap', { backfilled: [] }),
    'No connection from 17:00 to 18:00 | Chat and events of that time may be missing.',
  ],
  [
    'rules of the chat',
    sample('chat_mode_changed'),
    'The chat has new rules | emotes only · not only subscribers · followers of at least 10 minutes only · a message every 30 seconds',
  ],
  ['a goal without a text', sample('goal'), 'A new goal: followers | 5 / 100'],
  ['a ban', sample('user_banned'), 'Mira | was banned | spam | Moderator: Mod'],
  [
    'a filter’s status that is new to us',
    sample('automod_message', { status: 'Escalated' }),
    'Mira | wrote something the filter holds back | rude words',
  ],
  ['a new title', sample('stream_updated'), 'The stream has new details | Night'],
  [
    'a power-up that is new to us',
    sample('power_up', { power_up: 'x_y' }),
    'Mira | used a power-up | 30 bits',
  ],
])('tells %s', (_, event, sentence) => {
  expect(told(event)).toBe(sentence);
});
