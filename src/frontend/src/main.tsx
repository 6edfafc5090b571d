/** Starts the dashboard: asks for the session at once, while the browser reads all the rest. */
import './styles.css';
import { openEntry } from './lib/entry';
import { startTheme } from './lib/theme';

const entry = openEntry();
startTheme();
const root = document.getElementById('root');
if (root) void import('./start').then(({ start }) => start(root, entry));
