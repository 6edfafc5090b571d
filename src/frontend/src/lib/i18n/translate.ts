/** Looks a sentence up and fills it in; formatters are made once for each sentence and language. */
import { IntlMessageFormat } from 'intl-messageformat';
import { en } from './en';
import { ru } from './ru';

export const LOCALES = ['en', 'ru'] as const;
export type Locale = (typeof LOCALES)[number];
export type MessageKey = keyof typeof en;
export type MessageValues = Record<string, string | number>;
export type Translate = (key: MessageKey, values?: MessageValues) => string;

const CATALOGS: Record<Locale, Record<MessageKey, string>> = { en, ru };
const compiled = new Map<string, IntlMessageFormat>();

export function translate(locale: Locale, key: MessageKey, values?: MessageValues): string {
  const text = CATALOGS[locale][key];
  if (!text.includes('{')) return text;
  const cacheKey = `${locale}:${key}`;
  let format = compiled.get(cacheKey);
  if (!format) {
    format = new IntlMessageFormat(text, locale, undefined, { ignoreTag: true });
    compiled.set(cacheKey, format);
  }
  return String(format.format(values));
}

export function isMessageKey(key: string): key is MessageKey {
  return Object.hasOwn(en, key);
}
