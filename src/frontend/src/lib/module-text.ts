/** Texts that come in several languages, in the streamer's. */
import type { ModuleRecord, Words } from './records';
import type { Locale } from './i18n';

type Text = string | Readonly<Record<string, string>> | Words | undefined;

export function localText(text: Text, locale: Locale): string {
  if (text === undefined) return '';
  if (typeof text === 'string') return text;
  const texts: Readonly<Partial<Record<string, string>>> = { ...text };
  return texts[locale] ?? texts.en ?? Object.values(texts)[0] ?? '';
}

export function moduleName(module: ModuleRecord, locale: Locale): string {
  return localText(module.manifest?.name, locale) || module.id;
}
