// The console's entry point: what the page does first.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './shell/app.tsx';
import { applyTheme } from './shell/theme.ts';

// Before anything is drawn, so that nothing flashes in the other theme.
applyTheme();

const place = document.getElementById('app');
if (place === null) throw new Error('got a page without the element app, want lib/site/console-page.ts');
createRoot(place).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
