import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';
import { nameColor, shortened } from './names';
import { clockText } from './clock';
import { safeImageUrl } from './images';
import { en } from './i18n/en';
import { ru } from './i18n/ru';
import { LOCALES, translate, type MessageKey } from './i18n/translate';
import { SessionStore, takeCode } from './session';

describe('texts', () => {
  const keys = Object.keys(en) as MessageKey[];
  /** The names of the values that a sentence asks for, however deep. */
  const asksFor = (text: string): readonly string[] => {
    const names = new Set<string>();
    const walk = (parts: readonly unknown[]) => {
      for (const part of parts) {
        if (typeof part !== 'object' || part === null) continue;
        if (
          'value' in part &&
          typeof part.value === 'string' &&
          'type' in part &&
          part.type !== 0
        ) {
          names.add(part.value);
        }
        if ('options' in part && typeof part.options === 'object' && part.options !== null) {
          for (const option of Object.values(part.options) as { value: unknown[] }[])
            walk(option.value);
        }
      }
    };
    walk(new IntlMessageFormat(text, 'en', undefined, { ignoreTag: true }).getAst());
    return [...names].sort();
  };

  it.each(LOCALES)('every sentence in %s can be filled in', (locale) => {
    for (const key of keys) {
      const values = Object.fromEntries(asksFor(en[key]).map((name) => [name, 5]));
      expect(translate(locale, key, values), key).not.toMatch(/[{}]/);
    }
  });

  it('both languages ask for the same values', () => {
    for (const key of keys) expect(asksFor(ru[key]), key).toEqual(asksFor(en[key]));
  });

  it.each([
    [1, '1 новое сообщение'],
    [3, '3 новых сообщения'],
    [11, '11 новых сообщений'],
    [21, '21 новое сообщение'],
  ])('Russian counts %i rightly', (count, text) => {
    expect(translate('ru', 'chat.new', { count })).toBe(text);
  });
});

describe('pictures from outside', () => {
  it.each([
    ['/media/emotes/1.png', true],
    [`${window.location.origin}/media/1.png`, true],
    ['https://static-cdn.jtvnw.net/emoticons/v2/1/default/dark/1.0', false],
    ['//evil.example/1.png', false],
    ['/\\evil.example/1.png', false],
    ['blob:https://evil.example/1', false],
    ['https://evil.example/track.gif', false],
    ['javascript:alert(1)', false],
    ['data:image/svg+xml,<svg/>', true],
    ['data:text/html,<script>1</script>', false],
    [`data:image/png;base64,${'A'.repeat(70_000)}`, false],
    ['', false],
  ])('%s', (address, allowed) => {
    expect(safeImageUrl(address) !== null).toBe(allowed);
  });
});

describe('names', () => {
  it('turn nothing around and stay in their line', () => {
    expect(shortened('\u202eevil\u2066')).toBe('evil');
    expect(shortened(`a${'\u0301'.repeat(50)}b`).length).toBeLessThan(6);
    expect(Array.from(shortened('w'.repeat(500)))).toHaveLength(40);
  });

  it.each([['#0000FF'], ['#000000'], ['#FFFFFF'], ['red;position:fixed'], [null]])(
    'are readable whatever colour was sent: %s',
    (color) => {
      const lightness = (theme: boolean) =>
        Number(/ (\d+)%\)$/.exec(nameColor(color, 'id', theme))?.[1]);
      expect(nameColor(color, 'id', false)).toMatch(/^hsl\(\d+ \d+% \d+%\)$/);
      expect(lightness(false)).toBeGreaterThanOrEqual(60);
      expect(lightness(true)).toBeLessThanOrEqual(45);
    },
  );
});

describe('the session', () => {
  it('takes the code out of the address', () => {
    window.location.hash = '#code=abc';
    expect(takeCode()).toBe('abc');
    expect(window.location.href).not.toContain('abc');
    expect(takeCode()).toBeNull();
  });

  it('is kept for the next page, until it expires', () => {
    const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
    new SessionStore().set({ token: 't', expiresAt: inAnHour });
    expect(new SessionStore().current?.token).toBe('t');
    new SessionStore().set({ token: 't', expiresAt: '2001-01-01T00:00:00Z' });
    expect(new SessionStore().current).toBeNull();
  });
});

it('durations are figures', () => {
  expect([clockText(9_000), clockText(69_000), clockText(3_661_000)]).toEqual([
    '0:09',
    '1:09',
    '1:01:01',
  ]);
});
