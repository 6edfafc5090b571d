import { describe, expect, it } from 'vitest';
import type { AnyEvent } from '@/protocol/schema.gen';
import { EventMaker } from '../../../test/fake-core/events.js';
import { PEOPLE } from '../../../test/fake-core/people.js';
import { sample } from '../../../test/sample-events';
import { CHAT_LIMIT, EMPTY_LIVE, fold, merge, MODERATION_LIMIT } from './fold';

const events = (...items: object[]): AnyEvent[] => items as AnyEvent[];
const maker = new EventMaker();
const [anna, boris] = PEOPLE;

describe('fold', () => {
  it('keeps the newest chat lines and no more than the limit', () => {
    const flood = Array.from({ length: CHAT_LIMIT + 50 }, () => maker.nextChat());
    const state = fold(EMPTY_LIVE, events(...flood));
    expect(state.chat).toHaveLength(CHAT_LIMIT);
    expect(state.chat.at(-1)?.id).toBe(flood.at(-1)?.id);
  });

  it('marks one removed message and leaves the others of the same person', () => {
    const first = maker.chat('one', anna, 'twitch', { message_id: 'm-one' });
    const second = maker.chat('two', anna, 'twitch', { message_id: 'm-two' });
    const gone = maker.event('chat_message_deleted', 'twitch', { message_id: 'm-one', user: anna });
    const state = fold(EMPTY_LIVE, events(first, second, gone));
    expect([...state.removed]).toEqual([first.id]);
  });

  it('marks everything a banned person wrote, on that platform only', () => {
    const here = maker.chat('x', anna, 'twitch');
    const there = maker.chat('x', anna, 'youtube');
    const other = maker.chat('x', boris, 'twitch');
    const cleared = maker.event('chat_user_cleared', 'twitch', { user: anna });
    const state = fold(EMPTY_LIVE, events(here, there, other, cleared));
    expect([...state.removed]).toEqual([here.id]);
  });

  it('gathers a gift bomb into one item whichever part comes first', () => {
    const group = { user: anna, tier: 1, group_id: 'g' };
    const gift = (name: string) =>
      maker.event('gift_subscription', 'twitch', {
        ...group,
        months: 1,
        recipient: { id: name, login: name, name },
      });
    const bomb = maker.event('gift_subscription_bomb', 'twitch', {
      ...group,
      count: 2,
      recipients: [],
      is_complete: false,
    });
    const early = fold(EMPTY_LIVE, events(gift('a')));
    const state = fold(early, events(bomb, gift('b')));
    expect(state.activity).toHaveLength(1);
    expect(state.activity[0]?.event.type).toBe('gift_subscription_bomb');
    expect(state.activity[0]?.gifts).toHaveLength(2);
  });

  it('puts the newest activity first', () => {
    const follow = maker.event('follow', 'twitch', { user: anna });
    const raid = maker.event('raid', 'twitch', { user: boris, from: boris, viewers: 3 });
    const state = fold(fold(EMPTY_LIVE, events(follow)), events(raid));
    expect(state.activity.map(({ event }) => event.type)).toEqual(['raid', 'follow']);
  });

  it('keeps donations when a raid of bots is banned', () => {
    const donation = sample('donation');
    const bans = Array.from({ length: 500 }, () => sample('user_banned'));
    const state = fold(fold(EMPTY_LIVE, [donation]), bans);
    expect(state.activity.some(({ id }) => id === donation.id)).toBe(true);
    expect(state.activity).toHaveLength(MODERATION_LIMIT + 1);
  });

  it('keeps what was typed with a reward when it is answered, in whichever order', () => {
    const asked = sample('reward_redemption', { input: 'water' });
    const answered = sample('reward_redemption_updated', { status: 'fulfilled' });
    for (const order of [
      [asked, answered],
      [answered, asked],
    ]) {
      const { activity } = fold(EMPTY_LIVE, order);
      expect(activity).toHaveLength(1);
      expect(activity[0]?.event).toMatchObject({ input: 'water', status: 'fulfilled' });
    }
  });

  it('follows a held message to its decision', () => {
    const held = sample('automod_message');
    const decided = sample('automod_message', { status: 'denied', text: '' });
    const { activity } = fold(EMPTY_LIVE, [held, decided]);
    expect(activity.map(({ event }) => event)).toMatchObject([
      { status: 'denied', text: 'rude words' },
    ]);
  });

  it('knows when the stream began and forgets it at its end', () => {
    const online = maker.event('stream_online', 'twitch', { started_at: '2026-01-01T10:00:00Z' });
    const viewers = maker.viewers('twitch', 12);
    const offline = maker.event('stream_offline', 'twitch');
    const running = fold(EMPTY_LIVE, events(online, viewers));
    expect(running.startedAt.twitch).toBe('2026-01-01T10:00:00Z');
    expect(running.viewers.twitch).toBe(12);
    const ended = fold(running, events(offline));
    expect(ended.startedAt.twitch).toBeNull();
    expect(ended.viewers).not.toHaveProperty('twitch');
  });
});

describe('merge', () => {
  it('fills the gap after a lost connection without showing anything twice', () => {
    const lines = Array.from({ length: 6 }, () => maker.nextChat());
    const before = fold(EMPTY_LIVE, events(...lines.slice(0, 2)));
    const pushedFirst = fold(before, events(...lines.slice(5)));
    const healed = merge(pushedFirst, events(...lines.slice(1)));
    expect(healed.chat.map(({ id }) => id)).toEqual(lines.map(({ id }) => id));
  });

  it('keeps what a moderator removed removed', () => {
    const line = maker.chat('one', anna, 'twitch', { message_id: 'm-9' });
    const gone = maker.event('chat_message_deleted', 'twitch', { message_id: 'm-9', user: anna });
    const state = merge(fold(EMPTY_LIVE, events(line, gone)), events(line));
    expect(state.removed.has(line.id)).toBe(true);
  });
});
