/** Russian: the frame around the pages, and words that stand everywhere. */
import type { shell as english } from '../en/shell';

export const shell: Record<keyof typeof english, string> = {
  'common.close': 'Закрыть',
  'common.cancel': 'Отмена',
  'common.retry': 'Повторить',
  'common.loading': 'Загрузка…',
  'common.copy': 'Скопировать',
  'common.copied': 'Скопировано',
  'common.copyFailed': 'Не удалось скопировать',
  'common.save': 'Сохранить',
  'common.saved': 'Сохранено',
  'common.back': 'Назад',
  'common.test': 'тест',
  'common.skip': 'К содержанию',
  'common.none': '—',

  'failure.title': 'Не удалось загрузить',
  'failure.text': 'StreamCore ответил ошибкой. Повторите через минуту.',
  'failure.offline.title': 'StreamCore не отвечает',
  'failure.offline.text': 'Проверьте, запущено ли приложение на этом компьютере, и повторите.',

  'nav.label': 'Главное меню',
  'nav.live': 'Эфир',
  'nav.modules': 'Модули',
  'nav.platforms': 'Площадки',
  'nav.attention':
    '{count, plural, one {# требует внимания} few {# требуют внимания} many {# требуют внимания} other {# требуют внимания}}',

  'view.menu': 'Язык и тема',
  'view.language': 'Язык',
  'view.theme': 'Тема',
  'view.theme.dark': 'Тёмная',
  'view.theme.light': 'Светлая',
  'view.theme.system': 'Как в системе',

  'link.online': 'Связь со StreamCore есть',
  'link.connecting': 'Подключение…',
  'link.lost.title': 'Связь со StreamCore потеряна.',
  'link.lost.text': 'Всё на экране останется и само догонит эфир.',
  'link.retry': 'Проверить сейчас',

  'storage.disk_full.title': 'На диске нет места.',
  'storage.disk_full.text':
    'Чат идёт, но не сохраняется. Донаты и подписки ждут и не потеряются. Освободите место на диске, и всё продолжится само.',
  'storage.failing.title': 'StreamCore не может сохранять данные.',
  'storage.failing.text':
    'Чат идёт, но не сохраняется. Донаты и подписки ждут и не потеряются, пока StreamCore работает.',
  'storage.rebuilt.title': 'База данных была повреждена, поэтому начата новая.',
  'storage.rebuilt.text': 'Повреждённая сохранена.',

  'gate.title': 'Откройте панель из StreamCore',
  'gate.text':
    'Ради вашей безопасности эта страница работает, только если её открыло приложение. Выберите «Открыть панель» в меню StreamCore возле часов или запустите StreamCore ещё раз.',
  'gate.expired.title': 'Сеанс завершён',
  'gate.expired.text':
    'Этот адрес больше не действует: каждый работает один раз и в течение минуты. Откройте панель из StreamCore ещё раз.',
  'gate.offline.title': 'StreamCore не отвечает',
  'gate.offline.text': 'Запустите StreamCore на этом компьютере и откройте панель из него.',
  'gate.terminal': 'В терминале: {command}',
  'gate.checking': 'Открываем панель…',

  'crash.title': 'Панель споткнулась',
  'crash.text':
    'Трансляция, модули и оверлеи работают дальше. Перезагрузите панель, чтобы продолжить.',
  'crash.reload': 'Перезагрузить',

  'missing.title': 'Здесь ничего нет',
  'missing.text': 'Возможно, адрес устарел. Всё остальное — в меню.',
  'missing.action': 'К эфиру',

  'platform.state.disconnected': 'Не подключено',
  'platform.state.connecting': 'Подключение…',
  'platform.state.connected': 'Подключено',
  'platform.state.degraded': 'Нестабильно',
  'platform.state.auth_required': 'Войдите снова',

  'role.broadcaster': 'Стример',
  'role.moderator': 'Модератор',
  'role.vip': 'VIP',
  'role.subscriber': 'Подписчик',
  'role.member': 'Спонсор',
  'role.follower': 'Фолловер',
  'role.verified': 'Подтверждён',
  'role.bot': 'Бот',

  'error.permission_denied': 'это не разрешено',
  'error.platform_not_declared': 'эта площадка не запрошена',
  'error.platform_not_connected': 'площадка не подключена',
  'error.unsupported_by_platform': 'площадка этого не умеет',
  'error.rate_limited': 'слишком часто, подождите немного',
  'error.quota_exhausted': 'дневной лимит площадки исчерпан',
  'error.rejected_by_platform': 'площадка отказала',
  'error.timeout': 'площадка не ответила вовремя',
  'error.too_large': 'текст слишком длинный',
  'error.not_found': 'этого больше нет',
  'error.conflict': 'тем временем всё изменилось',
  'error.offline': 'StreamCore не отвечает',
  'error.internal': 'внутри StreamCore произошла ошибка',

  'risk.low': 'Низкий риск',
  'risk.medium': 'Есть риск',
  'risk.high': 'Высокий риск',
};
