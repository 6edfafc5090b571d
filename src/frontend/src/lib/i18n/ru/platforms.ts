/** Russian: platforms, and signing in to them. */
import type { platforms as english } from '../en/platforms';

export const platforms: Record<keyof typeof english, string> = {
  'platforms.title': 'Площадки',
  'platforms.lead':
    'Аккаунты, от имени которых работает StreamCore. Ключи хранятся на этом компьютере.',
  'platforms.empty.title': 'Площадок нет',
  'platforms.empty.text': 'В этой версии StreamCore нет ни одной площадки. Обновите приложение.',
  'platforms.connect': 'Подключить',
  'platforms.connectOwn': 'Подключить свой аккаунт',
  'platforms.reconnect': 'Войти снова',
  'platforms.disconnect': 'Отключить',
  'platforms.disconnect.title': 'Отключить {name}?',
  'platforms.disconnect.text':
    'Чат и события {name} сразу прекратятся, сохранённый ключ будет отозван. Подключить можно в любой момент.',
  'platforms.account': 'Аккаунт {name}',
  'platforms.noAccount': 'Нет аккаунта',
  'platforms.lastEvent': 'Последнее событие: {time}',
  'platforms.lastEvent.never': 'Событий ещё не было',
  'platforms.scopes': 'Выдано площадкой',
  'platforms.can':
    '{count, plural, one {Доступно # действие} few {Доступно # действия} many {Доступно # действий} other {Доступно # действия}}',
  'platforms.quota': 'Сегодня использовано: {used} из {limit}',
  'platforms.authRequired': 'Площадка больше не принимает сохранённый ключ. Войдите снова.',
  'platforms.failed': 'Не получилось: {reason}',

  'connect.title': 'Подключение {name}',
  'connect.starting': 'Запрашиваем код у {name}…',
  'connect.code.lead': 'Откройте страницу {name}, войдите и введите там этот код:',
  'connect.code.label': 'Ваш код',
  'connect.code.open': 'Открыть {host}',
  'connect.code.copy': 'Скопировать код',
  'connect.code.left': 'Действует ещё {time}',
  'connect.code.waiting': 'Ждём вашего подтверждения…',
  'connect.code.expired': 'Срок кода истёк.',
  'connect.code.again': 'Получить новый код',
  'connect.browser.lead': 'Войдите на странице {name}. Это окно само заметит, когда всё готово.',
  'connect.token.lead': 'Введите данные доступа, которые вам дал {name}.',
  'connect.token.submit': 'Подключить',
  'connect.done': '{name} подключено.',
  'connect.failed': 'Подключить не получилось: {reason}',
};
