/** Serves the built dashboard with the headers of the real core, its API and its socket. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Server } from 'socket.io';
import { CODE, World } from './world.js';

const DIST = fileURLToPath(new URL('../../../../static_dist/', import.meta.url));
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

function dashboardPolicy(host) {
  return (
    `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; ` +
    `font-src 'self'; connect-src 'self' ws://${host}; frame-src http://${host}/modules-view/ http://${host}/overlay/; ` +
    `worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src 'none'`
  );
}

export async function startFakeCore({ port = 0, empty = false, chatEveryMs = 0 } = {}) {
  const world = new World({ empty });
  const http = createServer((request, response) => {
    answer(world, request, response).catch((error) => {
      console.error(error);
      response.writeHead(500).end();
    });
  });
  const io = new Server(http, {
    path: '/socket.io/',
    transports: ['websocket'],
    serveClient: false,
  });
  const dashboard = io.of('/dashboard');
  dashboard.use((socket, next) => {
    if (world.tokens.has(socket.handshake.auth.token)) next();
    else next(Object.assign(new Error('refused'), { data: { code: 'permission_denied' } }));
  });
  dashboard.on('connection', (socket) => {
    socket.emit('welcome', { version: '0.0.0', boot_id: 'b1' });
    if (!empty) {
      socket.emit('events', [
        world.maker.viewers('twitch', 1284),
        world.maker.viewers('youtube', 312),
      ]);
    }
    socket.on('open_log', ({ module_id }) => socket.join(`log:${module_id}`));
    socket.on('close_log', ({ module_id }) => socket.leave(`log:${module_id}`));
  });
  world.push = (name, payload) => dashboard.emit(name, payload);
  const timer =
    chatEveryMs > 0 ? setInterval(() => world.publish(world.maker.nextChat()), chatEveryMs) : null;

  await new Promise((resolve) => http.listen(port, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${http.address().port}`;
  return {
    world,
    url,
    entry: `${url}/#code=${CODE}`,
    async close() {
      clearInterval(timer);
      http.close();
      io.engine.close();
      http.closeAllConnections();
    },
  };
}

async function answer(world, request, response) {
  const url = new URL(request.url, 'http://core');
  if (url.pathname.startsWith('/api/')) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
    const body = text === '' ? undefined : JSON.parse(text);
    const result = world.handle(request.method, request.url, token, body);
    response.writeHead(result.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(result.body));
    return;
  }
  const name = url.pathname === '/' ? 'index.html' : url.pathname.slice(1);
  const file = join(DIST, normalize(name));
  if (!file.startsWith(DIST)) {
    response.writeHead(404).end();
    return;
  }
  try {
    const content = await readFile(file);
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': dashboardPolicy(request.headers.host),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    response.end(content);
  } catch {
    response.writeHead(404).end();
  }
}
