/** Russian; it has every key of the English catalog. */
import type { en } from './en';
import { activity } from './ru/activity';
import { live } from './ru/live';
import { modules } from './ru/modules';
import { platforms } from './ru/platforms';
import { shell } from './ru/shell';

export const ru: Record<keyof typeof en, string> = {
  ...shell,
  ...live,
  ...activity,
  ...modules,
  ...platforms,
};
