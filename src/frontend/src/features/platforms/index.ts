/** Platforms: the accounts that StreamCore speaks for. */
export { PlatformsPage } from './platforms-page';
