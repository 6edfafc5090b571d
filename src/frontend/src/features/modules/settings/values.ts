/** Pure: reads, changes and checks the values of a settings form. */
import { isRecord } from '@/lib/api';
import type { MessageKey, MessageValues } from '@/lib/i18n';
import type { Field, Values } from './schema';

export interface Complaint {
  readonly key: MessageKey;
  readonly values?: MessageValues;
}

export function pathId(path: readonly string[]): string {
  return path.join('.');
}

export function valueAt(values: Values, path: readonly string[]): unknown {
  let value: unknown = values;
  for (const name of path) value = isRecord(value) ? value[name] : undefined;
  return value;
}

/** A copy with one value changed; undefined takes it out. */
export function withValue(values: Values, path: readonly string[], value: unknown): Values {
  const [name, ...rest] = path;
  if (name === undefined) return values;
  const { [name]: inner, ...others } = values;
  if (rest.length > 0) {
    return { ...others, [name]: withValue(isRecord(inner) ? inner : {}, rest, value) };
  }
  return value === undefined ? others : { ...others, [name]: value };
}

/** What stands in the field: the saved value, else the author's default. */
export function shownValue(field: Field, values: Values): unknown {
  return valueAt(values, field.path) ?? field.fallback;
}

/** Whether the core keeps a secret for this field; its value itself never comes here. */
export function isSecretSet(value: unknown): boolean {
  return isRecord(value) && value.set === true;
}

/** What goes to the core: a secret that nobody touched is left out, and so stays as it is. */
export function toSend(fields: readonly Field[], values: Values): Values {
  let result = values;
  for (const field of fields) {
    if (field.kind === 'group') {
      result = toSend(field.fields, result);
      continue;
    }
    const value = valueAt(result, field.path);
    if (field.kind === 'secret' && isRecord(value)) {
      result = withValue(result, field.path, undefined);
    }
  }
  return result;
}

export function checkAll(fields: readonly Field[], values: Values): ReadonlyMap<string, Complaint> {
  const found = new Map<string, Complaint>();
  for (const field of fields) {
    if (field.kind === 'group') {
      for (const [id, complaint] of checkAll(field.fields, values)) found.set(id, complaint);
      continue;
    }
    const complaint = check(field, shownValue(field, values));
    if (complaint) found.set(pathId(field.path), complaint);
  }
  return found;
}

export function check(field: Field, value: unknown): Complaint | null {
  const missing = value === undefined || value === null || value === '';
  if (missing) return field.required && field.kind !== 'secret' ? REQUIRED : null;
  switch (field.kind) {
    case 'text':
    case 'longtext':
    case 'secret':
    case 'color':
      return typeof value === 'string' ? checkText(field, value) : null;
    case 'number':
      return checkNumber(field, value);
    case 'list': {
      const count = Array.isArray(value) ? value.length : 0;
      if (field.minItems !== undefined && count < field.minItems) {
        return { key: 'settings.rule.minItems', values: { limit: field.minItems } };
      }
      return field.maxItems !== undefined && count > field.maxItems
        ? { key: 'settings.rule.maxItems', values: { limit: field.maxItems } }
        : null;
    }
    case 'json':
      return value instanceof Unreadable ? { key: 'settings.rule.json' } : null;
    case 'switch':
    case 'choice':
    case 'group':
      return null;
  }
}

const REQUIRED: Complaint = { key: 'settings.rule.required' };

/** Text in a field that cannot be read as its type yet; it is kept so that typing can go on. */
export class Unreadable {
  constructor(readonly text: string) {}
}

function checkText(
  field: Extract<Field, { kind: 'text' | 'longtext' | 'secret' | 'color' }>,
  value: string,
): Complaint | null {
  const length = Array.from(value).length;
  if (field.minLength !== undefined && length < field.minLength) {
    return { key: 'settings.rule.minLength', values: { limit: field.minLength } };
  }
  if (field.maxLength !== undefined && length > field.maxLength) {
    return { key: 'settings.rule.maxLength', values: { limit: field.maxLength } };
  }
  return field.pattern && !field.pattern.test(value) ? { key: 'settings.rule.pattern' } : null;
}

function checkNumber(field: Extract<Field, { kind: 'number' }>, value: unknown): Complaint | null {
  if (typeof value !== 'number') return { key: 'settings.rule.number' };
  if (field.integer && !Number.isInteger(value)) return { key: 'settings.rule.integer' };
  if (field.minimum !== undefined && value < field.minimum) {
    return { key: 'settings.rule.minimum', values: { limit: field.minimum } };
  }
  return field.maximum !== undefined && value > field.maximum
    ? { key: 'settings.rule.maximum', values: { limit: field.maximum } }
    : null;
}
