/** Gives every component the chosen language and its formats. */
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
  type ReactNode,
} from 'react';
import {
  isMessageKey,
  LOCALES,
  translate,
  type Locale,
  type MessageValues,
  type Translate,
} from './translate';

const STORAGE_KEY = 'streamcore.locale';

interface I18n {
  readonly locale: Locale;
  readonly setLocale: (locale: Locale) => void;
  readonly t: Translate;
  /** Like `t` for a key made from outside data; the fallback is shown when there is no such key. */
  readonly tOr: (key: string, fallback: string, values?: MessageValues) => string;
  readonly number: (value: number) => string;
  /** Hours and minutes of a moment today, with the date when it was another day. */
  readonly time: (iso: string) => string;
  readonly dateTime: (iso: string) => string;
}

const Context = createContext<I18n | null>(null);

function initialLocale(): Locale {
  try {
    const saved = window.localStorage.getItem(STORAGE_KEY);
    const known = LOCALES.find((locale) => locale === saved);
    if (known) return known;
  } catch {
    // Without storage the browser's language decides.
  }
  return navigator.language.toLowerCase().startsWith('ru') ? 'ru' : 'en';
}

export function I18nProvider({ children }: { children: ReactNode }) {
  const [locale, setLocale] = useState<Locale>(initialLocale);

  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);

  const choose = useCallback((next: Locale) => {
    setLocale(next);
    try {
      window.localStorage.setItem(STORAGE_KEY, next);
    } catch {
      // The choice lasts as long as the page.
    }
  }, []);

  const value = useMemo<I18n>(() => {
    const numbers = once(() => new Intl.NumberFormat(locale));
    const clock = once(
      () => new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }),
    );
    const full = once(
      () => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }),
    );
    const short = once(
      () =>
        new Intl.DateTimeFormat(locale, {
          day: 'numeric',
          month: 'short',
          hour: '2-digit',
          minute: '2-digit',
        }),
    );
    const show = (format: () => Intl.DateTimeFormat, iso: string): string => {
      const date = new Date(iso);
      return Number.isNaN(date.getTime()) ? '' : format().format(date);
    };
    const t: Translate = (key, values) => translate(locale, key, values);
    return {
      locale,
      setLocale: choose,
      t,
      tOr: (key, fallback, values) => (isMessageKey(key) ? t(key, values) : fallback),
      number: (amount) => numbers().format(amount),
      time: (iso) =>
        show(new Date(iso).toDateString() === new Date().toDateString() ? clock : short, iso),
      dateTime: (iso) => show(full, iso),
    };
  }, [locale, choose]);

  return <Context.Provider value={value}>{children}</Context.Provider>;
}

/** Make it when it is first asked for: each of these takes the browser some milliseconds. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

export function useI18n(): I18n {
  const value = useContext(Context);
  if (!value) throw new Error('useI18n needs an I18nProvider above it');
  return value;
}
