/** Everything about built engines that the page needs from the first of them on, as one chunk. */
import '../views/built-card.ts';
import '../views/engine-card.ts';
import '../views/engine-panel.ts';
import '../views/engine-strip.ts';
import '../views/engine-tools.ts';

export { EngineSession } from '../services/engine-session.ts';
