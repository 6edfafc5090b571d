/** Reads a module's JSON Schema into the fields of a form. */
import { isRecord } from '@/lib/api';

export type Values = Readonly<Record<string, unknown>>;

export interface Choice {
  readonly value: string | number | boolean;
  readonly label: string;
}

interface Base {
  /** Property names from the root. */
  readonly path: readonly string[];
  readonly label: string;
  readonly hint: string;
  readonly required: boolean;
  readonly fallback: unknown;
}

export type Field = Base &
  (
    | {
        readonly kind: 'text' | 'longtext' | 'secret' | 'color';
        readonly minLength?: number;
        readonly maxLength?: number;
        readonly pattern?: RegExp;
      }
    | {
        readonly kind: 'number';
        readonly integer: boolean;
        readonly minimum?: number;
        readonly maximum?: number;
        readonly step?: number;
      }
    | { readonly kind: 'switch' }
    | { readonly kind: 'choice'; readonly choices: readonly Choice[] }
    | {
        readonly kind: 'list';
        readonly choices: readonly Choice[];
        readonly minItems?: number;
        readonly maxItems?: number;
      }
    | { readonly kind: 'group'; readonly fields: readonly Field[] }
    | { readonly kind: 'json' }
  );

const DEEPEST = 4;
const LONG_TEXT = 120;

/** A text of the author, perhaps by language. */
function text(value: unknown, locale: string): string {
  if (typeof value === 'string') return value;
  if (!isRecord(value)) return '';
  const chosen = value[locale] ?? value.en ?? Object.values(value)[0];
  return typeof chosen === 'string' ? chosen : '';
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function readFields(schema: unknown, locale: string): readonly Field[] {
  return fieldsOf(schema, [], locale);
}

function fieldsOf(schema: unknown, path: readonly string[], locale: string): readonly Field[] {
  if (!isRecord(schema) || !isRecord(schema.properties)) return [];
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(schema.properties).flatMap(([name, property]) =>
    isRecord(property)
      ? [readField(property, [...path, name], required.includes(name), locale)]
      : [],
  );
}

function readField(
  schema: Values,
  path: readonly string[],
  required: boolean,
  locale: string,
): Field {
  const base: Base = {
    path,
    label: text(schema.title, locale) || spaced(path.at(-1) ?? ''),
    hint: text(schema.description, locale),
    required,
    fallback: schema.default,
  };
  const choices = choicesOf(schema, locale);
  if (choices.length > 0) return { ...base, kind: 'choice', choices };
  switch (schema.type) {
    case 'string':
      return { ...base, ...textField(schema) };
    case 'integer':
    case 'number':
      return { ...base, ...numberField(schema) };
    case 'boolean':
      return { ...base, kind: 'switch' };
    case 'array':
      return isTextList(schema)
        ? {
            ...base,
            kind: 'list',
            choices: isRecord(schema.items) ? choicesOf(schema.items, locale) : [],
            ...optional('minItems', numberOf(schema.minItems)),
            ...optional('maxItems', numberOf(schema.maxItems)),
          }
        : { ...base, kind: 'json' };
    case 'object': {
      const fields = path.length < DEEPEST ? fieldsOf(schema, path, locale) : [];
      return fields.length > 0 ? { ...base, kind: 'group', fields } : { ...base, kind: 'json' };
    }
    default:
      return { ...base, kind: 'json' };
  }
}

function textField(schema: Values) {
  const maxLength = numberOf(schema.maxLength);
  const kind =
    schema.format === 'secret'
      ? 'secret'
      : schema.format === 'color'
        ? 'color'
        : schema.format === 'textarea' || (maxLength ?? 0) > LONG_TEXT
          ? 'longtext'
          : 'text';
  return {
    kind,
    ...optional('minLength', numberOf(schema.minLength)),
    ...optional('maxLength', maxLength),
    ...optional('pattern', patternOf(schema.pattern)),
  } as const;
}

function numberField(schema: Values) {
  return {
    kind: 'number',
    integer: schema.type === 'integer',
    ...optional('minimum', numberOf(schema.minimum)),
    ...optional('maximum', numberOf(schema.maximum)),
    ...optional('step', numberOf(schema.multipleOf)),
  } as const;
}

/** `enum`, or `oneOf` with a `const` and a title for each. */
function choicesOf(schema: Values, locale: string): readonly Choice[] {
  const named = Array.isArray(schema.oneOf) ? schema.oneOf : [];
  const titled = named.flatMap((option: unknown): Choice[] =>
    isRecord(option) && isChoice(option.const)
      ? [{ value: option.const, label: text(option.title, locale) || String(option.const) }]
      : [],
  );
  if (titled.length > 0 && titled.length === named.length) return titled;
  const values: unknown[] = Array.isArray(schema.enum) ? schema.enum : [];
  return values.filter(isChoice).map((value) => ({ value, label: String(value) }));
}

function isChoice(value: unknown): value is Choice['value'] {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function isTextList(schema: Values): boolean {
  return isRecord(schema.items) && schema.items.type === 'string';
}

/** The author's pattern runs on what the streamer types; a broken one checks nothing here. */
function patternOf(source: unknown): RegExp | undefined {
  if (typeof source !== 'string' || source.length > 500) return undefined;
  try {
    return new RegExp(source, 'u');
  } catch {
    return undefined;
  }
}

function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  const record: Partial<Record<K, V>> = {};
  if (value !== undefined) record[key] = value;
  return record;
}

/** `min_amount` → `Min amount`. */
function spaced(name: string): string {
  const words = name.replace(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
