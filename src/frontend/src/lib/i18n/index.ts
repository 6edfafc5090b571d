/** The dashboard's words in the streamer's language, with ICU plurals and the language's own formats. */
export { I18nProvider, useI18n } from './provider';
export type { Locale, MessageKey, MessageValues, Translate } from './translate';
export { LOCALES } from './translate';
