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
  'platforms.quota': 'Сегодня использовано: {amount} из {limit}',
  'platforms.authRequired': 'Площадка больше не принимает сохранённый ключ. Войдите снова.',
  'platforms.failed': 'Не получилось: {reason}',

  'connect.title': 'Подключение {name}',
  'connect.starting': 'Запрашиваем код у {name}…',
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
  'connect.done': 'Готово: {name} на связи.',
  'connect.failed': 'Подключить не получилось: {reason}',
  'platforms.scopes': 'Как это называет {name}',
  'platforms.missing':
    '{count, plural, one {Не хватает # права, оно нужно: {names}} few {Не хватает # прав, они нужны: {names}} many {Не хватает # прав, они нужны: {names}} other {Не хватает # права, они нужны: {names}}}',
  'platforms.missing.own':
    '{count, plural, one {StreamCore не хватает # права} few {StreamCore не хватает # прав} many {StreamCore не хватает # прав} other {StreamCore не хватает # права}}',
  'platforms.allow': 'Разрешить',
  'platforms.allow.one': 'Разрешить: {permission}',
  'platforms.rights': 'Что разрешено StreamCore',
  'platforms.rights.count': '{granted} из {all}',
  'platforms.rights.yes': 'Разрешено:',
  'platforms.rights.no': 'Не разрешено:',
  'platforms.options': 'Настройки',
  'platforms.options.count': 'включено {on} из {all}',
  'platforms.heard.seconds':
    '{count, plural, one {На связи # секунду назад} few {На связи # секунды назад} many {На связи # секунд назад} other {На связи # секунды назад}}',
  'platforms.heard.minutes':
    '{count, plural, one {На связи # минуту назад} few {На связи # минуты назад} many {На связи # минут назад} other {На связи # минуты назад}}',
  'platforms.delay': 'Задержка {milliseconds} мс',
  'platforms.quota.left': 'Осталось запросов в эту минуту: {amount} из {limit}',

  'bot.title': 'Бот, который говорит',
  'bot.text':
    'Модули пишут в чат от этого второго аккаунта {name}, чтобы зрители отличали бота от вас. Без него они пишут от вашего имени.',
  'bot.connect': 'Подключить бота',
  'bot.reconnect': 'Войти ботом снова',
  'bot.disconnect': 'Отключить бота',
  'bot.disconnect.title': 'Отключить бота от {name}?',
  'bot.disconnect.text':
    'Модули станут писать от вашего имени, сохранённый ключ бота будет отозван. Ваше подключение останется.',

  'connect.title.more': 'Новые права на {name}',
  'connect.title.bot': 'Подключение бота к {name}',
  'connect.code.lead': 'Откройте {name}, сверьте код и подтвердите вход.',
  'connect.bot.lead':
    'Войдите там как бот, а не под своим аккаунтом: в приватном окне или с телефона.',
  'connect.link.copy': 'Скопировать адрес',
  'connect.qr': 'QR-код, который открывает {host}',
  'connect.qr.hint': 'Или с телефона',
  'connect.asked': 'О чём просит StreamCore',
  'connect.asked.more': 'Что нового',
  'connect.asked.change': 'Изменить',
  'connect.asked.keep': 'Оставить как было',
  'connect.asked.apply': 'Получить код для этого',
  'connect.ended': 'Вход не завершён.',
  'connect.done.more': '{name}: новые права получены.',
  'connect.done.bot': 'Бот подключён к {name}.',
};
