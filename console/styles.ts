// Everything at once, for the one style sheet: pages themselves are loaded when they are opened.
import './console.css';
import './print.css';
import './access/page.tsx';
import './catalog/page.tsx';
import './checkpoints/page.tsx';
import './entries/page.tsx';
import './entries/panel.tsx';
import './entries/table-preferences.tsx';
import './exports/page.tsx';
import './holds/page.tsx';
import './retention/page.tsx';
import './searches/page.tsx';
import './verification/page.tsx';
import './main.tsx';
