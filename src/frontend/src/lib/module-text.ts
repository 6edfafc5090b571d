/** Texts of a manifest in the streamer's language. */
import type { ModuleRecord } from './records';
import type { Locale } from './i18n';

type Text = string | Readonly<Record<string, string>> | undefined;

export function localText(text: Text, locale: Locale): string {
  if (text === undefined) return '';
  if (typeof text === 'string') return text;
  return text[locale] ?? text.en ?? Object.values(text)[0] ?? '';
}

export function moduleName(module: ModuleRecord, locale: Locale): string {
  return localText(module.manifest?.name, locale) || module.id;
}
