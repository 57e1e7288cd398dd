// Everything at once, for the one style sheet: pages themselves are loaded when they are opened.
import './console.css';
import './access/page.tsx';
import './catalog/page.tsx';
import './entries/page.tsx';
import './entries/panel.tsx';
import './entries/table-preferences.tsx';
import './main.tsx';
import './searches/page.tsx';
