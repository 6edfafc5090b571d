/** English. Keys are grouped by place, a file each; placeholders follow ICU. */
import { activity } from './en/activity';
import { live } from './en/live';
import { modules } from './en/modules';
import { platforms } from './en/platforms';
import { shell } from './en/shell';

export const en = { ...shell, ...live, ...activity, ...modules, ...platforms } as const;
