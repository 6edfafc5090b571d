/** `npm run fake-core`: a core to look at the dashboard without Python. */
import { startFakeCore } from './server.js';

const port = Number(process.env.PORT ?? 8080);
const core = await startFakeCore({ port, chatEveryMs: 700 });
console.log(`fake core at ${core.entry}`);
