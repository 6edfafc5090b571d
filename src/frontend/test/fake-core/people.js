/** People and lines of the fake stream, some of them as rude as the real ones. */

const person = (id, name, more = {}) => ({
  id,
  login: name.toLowerCase().replace(/\s/g, '_'),
  name,
  avatar_url: null,
  color: null,
  roles: [],
  badges: [],
  subscriber_months: null,
  is_first_time: false,
  is_anonymous: false,
  ...more,
});

export const PEOPLE = [
  person('1', 'NightOwl', { color: '#1E90FF', roles: ['subscriber'], subscriber_months: 14 }),
  person('2', 'Кот Матроскин', { color: '#8A2BE2', roles: ['vip'] }),
  person('3', 'pixel_mari', { color: '#0000FF', roles: ['moderator', 'subscriber'] }),
  person('4', 'Ядвига', { color: '#FF69B4' }),
  person('5', 'sam_was_here', { is_first_time: true }),
  person('6', 'OldTimer42', { color: '#B22222', roles: ['subscriber'], subscriber_months: 61 }),
  person('7', 'Zoë', { color: '#00FF7F', roles: ['member'] }),
  person('8', 'streambot', { color: '#808080', roles: ['bot', 'moderator'] }),
  person('9', 'Лёха из Перми', { color: '#DAA520' }),
  person('10', 'u'.repeat(60), { color: '#000000' }),
];

export const RUDE = person('66', '\u202eevil\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308', {
  color: 'red;position:fixed',
});

export const STREAMER = person('0', 'Aurora', { color: '#3FD8AE', roles: ['broadcaster'] });

export const LINES = [
  'that jump was insane 😂',
  'как ты это сделал вообще?',
  'LET’S GOOO',
  'первый раз тут, очень уютно',
  'what keyboard do you use?',
  'Привет из Новосибирска! Уже третий час смотрю и никак не могу уйти спать, хотя завтра рано вставать',
  'gg',
  'can you turn the music down a little bit? it is hard to hear you over the boss fight',
  'а когда следующий стрим?',
  'https://example.com/speedrun/any-percent is the route they mean',
  'хахаха',
  'clip that!!',
  'F',
  'o7',
  'музыка огонь',
];
