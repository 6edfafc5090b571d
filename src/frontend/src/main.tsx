/** Starts the dashboard in the page. */
import './styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app';
import { createCore } from './app/create-core';
import { watchImagePolicy } from './lib/images';
import { takeCode } from './lib/session';
import { startTheme } from './lib/theme';

const code = takeCode();
startTheme();
watchImagePolicy();
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App core={createCore()} code={code} />
    </StrictMode>,
  );
}
