/** Everything about building real engines that the page needs from the first question on, as one chunk. */
import '../views/companion-dialog.ts';

export { CompanionSession } from '../services/companion-session.ts';
