/** Modules of the fake core, one for each face that the dashboard must show. */

const usage = (cpu, rss, events, commands) => ({
  cpu_percent: cpu,
  rss_mb: rss,
  events_per_s: events,
  commands_per_s: commands,
});

const digest = (letter) => `sha256:${letter.repeat(64)}`;

function record(id, manifest, more = {}) {
  const full = { id, version: '1.0.0', requirements: ['twitch'], permissions: [], ...manifest };
  return {
    id,
    source: 'user',
    manifest: full,
    state: 'running',
    problems: [],
    warnings: [],
    digest: digest(id[0]),
    enabled: true,
    pid: null,
    started_at: null,
    granted: full.permissions,
    consent: {
      digest: digest(id[0]),
      permissions: full.permissions,
      requirements: full.requirements,
      network: full.network ?? [],
      at: '2026-11-20T18:00:00Z',
    },
    changed: null,
    sandbox: { level: 'S3', launcher: 'linux' },
    usage: usage(0.4, 14, 12, 0.2),
    restarts: 0,
    last_error: null,
    ...more,
  };
}

const NO_WISHES = { permissions: [], requirements: [], network: [] };

const SETTINGS = {
  type: 'object',
  required: ['greeting'],
  properties: {
    greeting: {
      type: 'string',
      title: { en: 'Greeting', ru: 'Приветствие' },
      description: {
        en: 'Said to everybody who writes !hello.',
        ru: 'Так бот отвечает на команду !hello.',
      },
      default: 'Привет, {name}!',
      minLength: 3,
      maxLength: 100,
    },
    cooldown: {
      type: 'integer',
      title: { en: 'Pause between answers, seconds', ru: 'Пауза между ответами, секунды' },
      minimum: 1,
      maximum: 600,
      default: 5,
    },
    tone: {
      title: { en: 'Tone', ru: 'Тон' },
      oneOf: [
        { const: 'warm', title: { en: 'Warm', ru: 'Тёплый' } },
        { const: 'dry', title: { en: 'Dry', ru: 'Сухой' } },
      ],
      default: 'warm',
    },
    thanks: {
      type: 'boolean',
      title: { en: 'Thank for donations', ru: 'Благодарить за донаты' },
      description: { en: 'Writes in the chat of the platform.', ru: 'Пишет в чат площадки.' },
      default: true,
    },
    color: {
      type: 'string',
      format: 'color',
      title: { en: 'Colour', ru: 'Цвет' },
      default: '#3fd8ae',
    },
    ignored: {
      type: 'array',
      items: { type: 'string' },
      title: { en: 'People to ignore', ru: 'Кого не замечать' },
      default: [],
    },
    api_key: { type: 'string', format: 'secret', title: { en: 'Service key', ru: 'Ключ сервиса' } },
  },
};

export function makeModules() {
  return [
    record(
      'example_bot',
      {
        name: { en: 'Example bot', ru: 'Бот-пример' },
        description: {
          en: 'Answers !hello and !uptime, thanks for donations and follows.',
          ru: 'Отвечает на !hello и !uptime, благодарит за донаты и подписки.',
        },
        author: 'StreamCore',
        license: 'MIT',
        homepage: 'https://example.com/bot',
        requirements: ['*'],
        permissions: ['chat_read', 'audience_read', 'donations_read', 'chat_send'],
        views: [
          {
            id: 'overlay',
            title: '',
            path: 'overlay.html',
            kind: 'overlay',
            width: 800,
            height: 600,
          },
        ],
        settings: SETTINGS,
      },
      { source: 'bundled' },
    ),
    record(
      'chat_overlay',
      {
        name: { en: 'Chat on stream', ru: 'Чат на экране' },
        description: { en: 'Shows the chat in OBS.', ru: 'Показывает чат в OBS.' },
        author: 'StreamCore',
        requirements: ['twitch', 'youtube'],
        permissions: ['chat_read'],
      },
      { source: 'bundled', usage: usage(0.9, 16, 31, 0) },
    ),
    record(
      'goal_bar',
      {
        name: { en: 'Goal bar', ru: 'Шкала цели' },
        author: 'Zoë',
        permissions: ['donations_read'],
      },
      { state: 'disabled', usage: usage(0, 0, 0, 0) },
    ),
    record(
      'song_requests',
      {
        name: 'Song requests',
        description: 'Viewers wish for songs, the bot keeps the list and tells what is playing.',
        author: 'pixel_mari',
        version: '2.3.0',
        requirements: ['twitch', 'youtube'],
        permissions: ['chat_read', 'chat_send', 'chat_moderate', 'rewards_read', 'network'],
        network: ['api.songs.example', 'cdn.songs.example'],
        python_dependencies: ['rapidfuzz==3.9.0'],
      },
      { state: 'awaiting_consent', consent: null, granted: [], usage: usage(0, 0, 0, 0) },
    ),
    record(
      'raid_greeter',
      {
        name: { en: 'Raid greeter', ru: 'Встреча рейдов' },
        description: { en: 'Greets raiders by name.', ru: 'Приветствует рейдеров по имени.' },
        author: 'OldTimer42',
        version: '1.4.0',
        requirements: ['twitch', 'youtube'],
        permissions: ['audience_read', 'chat_send', 'stream_manage'],
      },
      {
        state: 'awaiting_consent',
        granted: [],
        consent: {
          digest: digest('q'),
          permissions: ['audience_read', 'chat_send', 'chat_read'],
          requirements: ['twitch'],
          network: [],
          at: '2026-11-02T18:00:00Z',
        },
        changed: {
          code: true,
          added: { permissions: ['stream_manage'], requirements: ['youtube'], network: [] },
          removed: { ...NO_WISHES, permissions: ['chat_read'] },
        },
        usage: usage(0, 0, 0, 0),
      },
    ),
    record(
      'dice',
      {
        name: { en: 'Dice', ru: 'Кубик' },
        author: 'lyokha',
        permissions: ['chat_read', 'chat_send'],
      },
      {
        state: 'failed',
        restarts: 5,
        usage: usage(0, 0, 0, 0),
        last_error: {
          at: new Date(Date.now() - 95_000).toISOString(),
          exit: 'exit code 1',
          lines: [
            'Traceback (most recent call last):',
            '  File "backend.py", line 3, in <module>',
            '    import dicelib',
            "ModuleNotFoundError: No module named 'dicelib'",
          ],
        },
      },
    ),
    record(
      'broken_thing',
      { name: 'broken_thing' },
      {
        manifest: null,
        state: 'invalid',
        granted: [],
        consent: null,
        usage: usage(0, 0, 0, 0),
        problems: [
          {
            file: 'manifest.json',
            path: '$.permissions[1]',
            expected: 'one of the permissions that StreamCore knows',
            found: '"chat_delete"',
            hint: 'Take it out, or use chat_moderate.',
            severity: 'error',
          },
          {
            file: 'manifest.json',
            path: '$.version',
            expected: 'a semantic version such as 1.0.0',
            found: '"1.0"',
            hint: '',
            severity: 'error',
          },
        ],
      },
    ),
  ];
}

export function makeSettings() {
  return {
    example_bot: {
      greeting: 'Привет, {name}!',
      cooldown: 5,
      tone: 'warm',
      thanks: true,
      color: '#3fd8ae',
      ignored: ['streambot'],
      api_key: { set: true },
    },
  };
}

export function makeLog() {
  const texts = [
    ['info', 'Connected, 4 permissions granted'],
    ['info', 'Listening to chat_message, donation, follow'],
    ['debug', 'greeting NightOwl'],
    ['warning', 'send_chat took 1.8 s'],
    ['info', 'Спасибо отправлено: Дед Мороз, 1 500 ₽'],
    ['error', 'PermissionDenied: timeout_user needs chat_moderate'],
  ];
  return texts.map(([level, text], index) => ({
    at: new Date(Date.now() - (texts.length - index) * 8000).toISOString(),
    stream: 'log',
    level,
    text,
  }));
}
