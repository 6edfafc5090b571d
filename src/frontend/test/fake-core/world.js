/** The fake core without its sockets: state, and the answers of the HTTP interface. */
import { EventMaker } from './events.js';
import { makeLog, makeModules, makeSettings } from './modules.js';
import { STREAMER } from './people.js';

const CAPABILITIES = ['send_chat', 'delete_chat_message', 'timeout_user', 'ban_user'];

const words = (en, ru) => ({ en, ru });
const NOTHING = words('', '');

const MANAGING = ['rewards_manage', 'polls_manage'];
const PERMISSIONS = [
  'chat_read',
  'audience_read',
  'donations_read',
  'rewards_read',
  'polls_read',
  'stream_read',
  'moderation_read',
  'chat_send',
  'chat_moderate',
  'stream_manage',
  ...MANAGING,
];

const rights = (granted) =>
  PERMISSIONS.map((permission) => ({
    permission,
    is_on: !MANAGING.includes(permission),
    is_granted: granted && !MANAGING.includes(permission),
    wanted_by: [],
  }));

const NO_BOT = { state: 'disconnected', reason: '', reasons: NOTHING, account: null };

const source = (id, name, value) => ({
  id,
  title: words(`Emotes of ${name}`, `Эмоуты ${name}`),
  help: words(
    `Asks ${name} for the emotes of your channel.`,
    `Запрашивает у ${name} эмоуты вашего канала.`,
  ),
  value,
});

function platform(id, name, more = {}) {
  const isConnected = (more.state ?? 'connected') === 'connected';
  return {
    id,
    name,
    state: 'connected',
    can_sign_in: !isConnected,
    reason: '',
    reasons: NOTHING,
    permissions: rights(isConnected),
    bot: NO_BOT,
    options: [source('bttv', 'BetterTTV', true), source('seventv', '7TV', false)],
    health: isConnected
      ? { heard_at: new Date().toISOString(), keepalive_s: 10, delay_ms: 84.2 }
      : null,
    account: { id: '0', name: 'Aurora', avatar_url: null },
    capabilities: CAPABILITIES,
    scopes: ['user:read:chat', 'user:write:chat'],
    last_event_at: new Date().toISOString(),
    quota: null,
    ...more,
  };
}

export const TOKEN = 'fake-session-token';
export const CODE = 'fake-code';

class Refusal extends Error {
  constructor(status, code, detail, errors = []) {
    super(detail);
    this.status = status;
    this.body = { type: 'about:blank', title: code, status, code, detail, errors };
  }
}

export class World {
  /** @param {{empty?: boolean, push?: (name: string, payload: unknown) => void}} options */
  constructor({ empty = false, push = () => undefined } = {}) {
    this.maker = new EventMaker();
    this.push = push;
    this.codes = new Set([CODE]);
    this.tokens = new Set([TOKEN]);
    this.modules = empty ? [] : makeModules();
    this.settings = empty ? {} : makeSettings();
    this.log = makeLog();
    this.events = empty ? [] : this.maker.history();
    this.platforms = empty
      ? [
          platform('twitch', 'Twitch', {
            state: 'disconnected',
            account: null,
            scopes: [],
            capabilities: [],
          }),
          platform('youtube', 'YouTube', {
            state: 'disconnected',
            account: null,
            scopes: [],
            capabilities: [],
          }),
        ]
      : [
          platform('twitch', 'Twitch'),
          platform('youtube', 'YouTube', {
            quota: { used: 1240, limit: 10000 },
            bot: null,
            options: [],
            health: null,
          }),
        ];
    this.storage = { state: 'ok', since: null, detail: '' };
    this.audit = [
      {
        id: 'a1',
        at: new Date(Date.now() - 300_000).toISOString(),
        kind: 'denied',
        module_id: 'example_bot',
        command: 'timeout_user',
        permission: 'chat_moderate',
        detail: '',
      },
    ];
    this.sent = [];
    /** @type {{method: string, path: string, body: unknown}[]} */
    this.requests = [];
    this.keyNumber = 1;
    this.codes_given = 0;
    /** What the login that waits asked for; null for what is usual. */
    this.asked = null;
    this.failing = new Map();
  }

  /** Make the next calls of a path fail. */
  fail(pathStart, refusal) {
    this.failing.set(
      pathStart,
      new Refusal(refusal.status, refusal.code, refusal.detail ?? '', refusal.errors),
    );
  }

  heal() {
    this.failing.clear();
  }

  publish(...events) {
    for (const event of events) if (event.seq > 0) this.events.push(event);
    this.push('events', events);
  }

  setModule(id, changes) {
    const index = this.modules.findIndex((module) => module.id === id);
    this.modules[index] = { ...this.modules[index], ...changes };
    this.push('modules', [this.modules[index]]);
    return this.modules[index];
  }

  setStorage(state, detail = '') {
    const since = state === 'ok' ? null : new Date().toISOString();
    this.storage = { state, since, detail };
    this.push('storage', this.storage);
  }

  setBot(id, changes) {
    const { bot } = this.platforms.find((candidate) => candidate.id === id);
    return this.setPlatform(id, { bot: { ...bot, ...changes } });
  }

  /** The streamer confirms the login that waits. */
  confirm(id) {
    const asked = this.asked;
    const known = this.platforms.find((candidate) => candidate.id === id);
    const permissions = known.permissions.map((right) => {
      const is_on = asked ? asked.includes(right.permission) : right.is_on;
      return { ...right, is_on, is_granted: is_on };
    });
    return this.setPlatform(id, {
      ...platform(id, known.name),
      permissions,
      bot: known.bot,
      options: known.options,
    });
  }

  /** A right that a module was allowed and the login lacks. */
  setWanted(id, permission, ...modules) {
    const { permissions } = this.platforms.find((candidate) => candidate.id === id);
    return this.setPlatform(id, {
      permissions: permissions.map((right) =>
        right.permission === permission ? { ...right, wanted_by: modules } : right,
      ),
    });
  }

  setPlatform(id, changes) {
    const index = this.platforms.findIndex((candidate) => candidate.id === id);
    this.platforms[index] = { ...this.platforms[index], ...changes };
    this.push('platforms', this.platforms);
    return this.platforms[index];
  }

  /**
   * Answer one request.
   * @param {string} method
   * @param {string} address
   * @param {string} token
   * @param {unknown} body
   * @returns {{status: number, body: unknown}}
   */
  handle(method, address, token, body) {
    const url = new URL(address, 'http://core');
    this.requests.push({ method, path: url.pathname, body });
    try {
      for (const [start, refusal] of this.failing) {
        if (url.pathname.startsWith(start)) throw refusal;
      }
      return { status: 200, body: this.#answer(method, url, token, body) };
    } catch (error) {
      if (error instanceof Refusal) return { status: error.status, body: error.body };
      throw error;
    }
  }

  #answer(method, url, token, body) {
    const path = url.pathname;
    if (method === 'POST' && path === '/api/session') {
      if (!this.codes.delete(body.code))
        throw new Refusal(401, 'unauthorized', 'The code is spent.');
      return { token: TOKEN, expires_at: new Date(Date.now() + 86_400_000).toISOString() };
    }
    if (!this.tokens.has(token)) throw new Refusal(401, 'unauthorized', 'No session.');
    const [, , subject, id, action, extra, verb] = path.split('/');
    switch (subject) {
      case 'modules':
        return id
          ? this.#module(method, decodeURIComponent(id), action, extra, verb, body)
          : page(this.modules);
      case 'platforms':
        return id ? this.#platform(id, action, body) : page(this.platforms);
      case 'events':
        return this.#events(url.searchParams);
      case 'system':
        return { storage: this.storage };
      case 'audit':
        return page(
          this.audit.filter((row) => row.module_id === url.searchParams.get('module_id')),
        );
      case 'chat':
        return this.#chat(body);
      default:
        throw new Refusal(404, 'not_found', 'Not found.');
    }
  }

  #module(method, id, action, extra, verb, body) {
    const module = this.modules.find((candidate) => candidate.id === id);
    if (!module) throw new Refusal(404, 'not_found', `There is no module '${id}'.`);
    switch (action) {
      case undefined:
        return module;
      case 'approve':
        if (body.digest !== module.digest) throw new Refusal(409, 'conflict', 'It has changed.');
        return this.setModule(id, {
          state: 'running',
          granted: body.permissions,
          changed: null,
          consent: {
            digest: body.digest,
            permissions: body.permissions,
            requirements: module.manifest.requirements,
            network: [],
            at: new Date().toISOString(),
          },
        });
      case 'enable':
      case 'restart':
        return this.setModule(id, { state: 'running' });
      case 'disable':
        return this.setModule(id, { state: 'disabled' });
      case 'permissions': {
        const granted = new Set(module.granted);
        for (const [name, allowed] of Object.entries(body)) {
          if (allowed) granted.add(name);
          else granted.delete(name);
        }
        return this.setModule(id, { granted: [...granted] });
      }
      case 'settings':
        if (method === 'PUT') {
          const kept = this.settings[id]?.api_key;
          this.settings[id] = { ...body, api_key: secret(body.api_key, kept) };
        }
        return this.settings[id] ?? {};
      case 'views':
        if (verb === 'rotate') {
          this.keyNumber += 1;
          return this.#view(
            module,
            module.manifest.views.find((view) => view.id === extra),
          );
        }
        return page((module.manifest.views ?? []).map((view) => this.#view(module, view)));
      case 'logs':
        return page([...this.log].reverse());
      default:
        throw new Refusal(404, 'not_found', 'Not found.');
    }
  }

  #view(module, view) {
    const key = `key-${this.keyNumber}`;
    return { ...view, url: `http://127.0.0.1:8080/overlay/${module.id}/${view.id}#k=${key}` };
  }

  #platform(id, action, body) {
    const known = this.platforms.find((candidate) => candidate.id === id);
    const isBot = body?.account === 'bot';
    const isLinked = known.state === 'connected' || known.state === 'degraded';
    switch (action) {
      case 'connect':
        this.asked = body?.permissions ?? null;
        this.codes_given += 1;
        if (isBot) this.setBot(id, { state: 'connecting' });
        else if (!isLinked) this.setPlatform(id, { state: 'connecting', can_sign_in: false });
        else if (known.reason !== '') this.setPlatform(id, { reason: '', reasons: NOTHING });
        return {
          flow: 'device',
          user_code: `ABCD-${1233 + this.codes_given}`,
          verification_uri: 'https://www.example.com/activate?public=true&device-code=ABCD1234',
          expires_at: new Date(Date.now() + 1_799_000).toISOString(),
        };
      case 'cancel':
        if (isBot) return this.setBot(id, NO_BOT);
        return known.state === 'connecting'
          ? this.setPlatform(id, { state: 'disconnected', can_sign_in: true })
          : known;
      case 'options':
        return this.setPlatform(id, {
          options: known.options.map((option) => ({
            ...option,
            value: body[option.id] ?? option.value,
          })),
        });
      default:
        if (isBot) return this.setBot(id, NO_BOT);
        return this.setPlatform(id, {
          state: 'disconnected',
          can_sign_in: true,
          account: null,
          scopes: [],
          capabilities: [],
          permissions: rights(false),
          bot: NO_BOT,
          health: null,
        });
    }
  }

  #events(query) {
    const types = query.getAll('type');
    const limit = Number(query.get('limit') ?? 50);
    const found = this.events.filter((event) => types.length === 0 || types.includes(event.type));
    return page(found.slice(-limit).reverse());
  }

  #chat({ msg, target }) {
    this.sent.push({ msg, target });
    const targets = this.platforms.filter(
      ({ id, state }) => state === 'connected' && (target === 'all' || target === id),
    );
    if (msg.includes('refuse')) {
      const error = { code: 'rejected_by_platform', message: 'no' };
      return { results: Object.fromEntries(targets.map(({ id }) => [id, { ok: false, error }])) };
    }
    this.publish(...targets.map(({ id }) => this.maker.chat(msg, STREAMER, id)));
    return { results: Object.fromEntries(targets.map(({ id }) => [id, { ok: true }])) };
  }
}

function page(items) {
  return { items, next: null };
}

function secret(given, kept) {
  if (given === null) return { set: false };
  return typeof given === 'string' ? { set: true } : (kept ?? { set: false });
}
