/** Says in the streamer's words why something failed. */
import { ApiError } from './api';
import { useI18n } from './i18n';

export interface Failing {
  readonly code: string;
  readonly message: string;
}

/** What the core says in the streamer's language, the sentence for a code, or what it said at all. */
export function useReason(): (failure: unknown) => string {
  const { t, tOr, locale } = useI18n();
  return (failure) => {
    const own = failure instanceof ApiError ? failure.problem.reasons?.[locale] : undefined;
    if (typeof own === 'string' && own !== '') return own;
    const body = failure instanceof ApiError ? failure.problem : failure;
    return isFailing(body) ? tOr(`error.${body.code}`, body.message) : t('error.internal');
  };
}

function isFailing(value: unknown): value is Failing {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    'message' in value &&
    typeof value.message === 'string'
  );
}
