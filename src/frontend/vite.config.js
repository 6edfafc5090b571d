/** Three builds of one source: the dashboard, the page SDK and the script of the wrapper page. */
import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const dist = here('../../static_dist');
const core = process.env.STREAMCORE_URL ?? 'http://127.0.0.1:8080';

/** The core answers only to its own Host and Origin, so the proxy speaks in the core's name. */
const proxied = {
  target: core,
  changeOrigin: true,
  ws: true,
  configure: (proxy) => {
    for (const event of ['proxyReq', 'proxyReqWs']) {
      proxy.on(event, (request) => request.setHeader('origin', core));
    }
  },
};
const corePaths = [
  '/api',
  '/socket.io',
  '/overlay-io',
  '/sdk',
  '/modules-view',
  '/overlay',
  '/media',
  '/healthz',
];

/** One self-contained file that runs in the Chromium 103 which old OBS versions carry. */
const singleFile = (entry, outDir, fileName) => ({
  publicDir: false,
  build: {
    target: 'chrome103',
    outDir,
    emptyOutDir: true,
    lib: { entry: here(entry), formats: ['es'], fileName: () => fileName },
    reportCompressedSize: true,
  },
});

/** An editor that knows `streamcore.js` finds its types beside it. */
const typesBeside = {
  name: 'types-beside',
  generateBundle() {
    const source = "export * from './types/overlay-sdk/streamcore';\n";
    this.emitFile({ type: 'asset', fileName: 'streamcore.d.ts', source });
  },
};

/** The first script imports the rest; the browser is told before, so that all come together. */
const restAtOnce = {
  name: 'rest-at-once',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle = {} }) => {
      const rest = Object.values(bundle).find(({ facadeModuleId }) =>
        facadeModuleId?.endsWith('/src/start.tsx'),
      );
      const files = rest ? [rest.fileName, ...rest.imports] : [];
      return files
        .filter((fileName) => !bundle[fileName].isEntry)
        .map((fileName) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `/${fileName}` },
          injectTo: 'head',
        }));
    },
  },
};

const dashboard = {
  plugins: [react(), tailwindcss(), restAtOnce],
  build: {
    target: 'es2022',
    outDir: dist,
    emptyOutDir: true,
    assetsInlineLimit: 0, // the policy allows no data: fonts
    modulePreload: { polyfill: false },
  },
  server: {
    host: '127.0.0.1',
    port: 5173,
    proxy: Object.fromEntries(corePaths.map((path) => [path, proxied])),
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['./test/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    testTimeout: 10_000,
    hookTimeout: 10_000,
    css: false,
  },
};

export default defineConfig(({ mode }) => {
  const shared = {
    resolve: {
      alias: {
        '@': here('./src'),
        'react-remove-scroll': here('./src/components/ui/remove-scroll.tsx'),
      },
    },
  };
  if (mode === 'sdk') {
    return {
      ...shared,
      ...singleFile('./src/overlay-sdk/streamcore.ts', `${dist}/sdk/v1`, 'streamcore.js'),
      plugins: [typesBeside],
    };
  }
  if (mode === 'wrapper') {
    return {
      ...shared,
      ...singleFile('./src/overlay-sdk/wrapper.ts', `${dist}/overlay`, 'wrapper.js'),
    };
  }
  return { ...shared, ...dashboard };
});
