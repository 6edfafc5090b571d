/** The script of the core's wrapper page: what OBS loads around a module's page. */
import { startWrapper } from './wrapper-page';

startWrapper(document, window.location);
