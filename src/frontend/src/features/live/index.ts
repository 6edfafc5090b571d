/** The Live page: what happens on the stream right now. */
export { LivePage } from './live-page';
