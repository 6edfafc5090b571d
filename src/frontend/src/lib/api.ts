/** The one API client: adds the token, reads problems, and tells when the session has ended. */
import type { SessionStore } from './session';

/** What the core answers when it refuses (`application/problem+json`). */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly fields: readonly FieldProblem[];
  /** What the core says to the streamer in each language, where it has more to say than the code. */
  readonly reasons?: Readonly<Record<string, unknown>>;
}

export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(problem.message);
  }

  get code(): string {
    return this.problem.code;
  }

  /** The core could not be reached at all. */
  get isOffline(): boolean {
    return this.status === 0;
  }
}

const TIMEOUT_MS = 15_000;

export class ApiClient {
  constructor(private readonly session: SessionStore) {}

  get<T>(path: string, signal?: AbortSignal): Promise<T> {
    return this.#send<T>('GET', path, undefined, signal);
  }

  post<T>(path: string, body: unknown = {}): Promise<T> {
    return this.#send<T>('POST', path, body);
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.#send<T>('PUT', path, body);
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.#send<T>('PATCH', path, body);
  }

  async #send<T>(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<T> {
    const token = this.session.current?.token;
    const headers: Record<string, string> = { Accept: 'application/json' };
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body !== undefined) headers['Content-Type'] = 'application/json';

    const deadline = AbortSignal.timeout(TIMEOUT_MS);
    let response: Response;
    let text: string;
    try {
      response = await fetch(path, {
        method,
        headers,
        body: body === undefined ? null : JSON.stringify(body),
        signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
        credentials: 'omit',
        cache: 'no-store',
      });
      text = await response.text();
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new ApiError(0, { code: 'offline', message: 'offline', fields: [] });
    }
    if (response.ok) {
      // The core is ours and its shapes are generated into `protocol/`: this is where they begin.
      return (text === '' ? undefined : JSON.parse(text)) as T;
    }
    if (response.status === 401) this.session.clear();
    throw new ApiError(response.status, readProblem(text, response.status));
  }
}

function readProblem(text: string, status: number): Problem {
  let value: unknown = null;
  try {
    value = JSON.parse(text);
  } catch {
    // A proxy in between answers with something else; the status says enough.
  }
  const body = isRecord(value) ? value : {};
  const error = isRecord(body.error) ? body.error : body;
  const message = firstText(error.detail, error.message, error.title) ?? `HTTP ${status}`;
  return {
    code: firstText(error.code) ?? `http_${status}`,
    message,
    fields: Array.isArray(error.errors) ? error.errors.flatMap(readField) : [],
    ...(isRecord(error.reasons) ? { reasons: error.reasons } : {}),
  };
}

function readField(value: unknown): FieldProblem[] {
  if (!isRecord(value)) return [];
  const path = firstText(value.path, value.field);
  const message = firstText(value.message, value.expected);
  return path !== null && message !== null ? [{ path, message }] : [];
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function firstText(...candidates: unknown[]): string | null {
  for (const candidate of candidates) {
    if (typeof candidate === 'string' && candidate !== '') return candidate;
  }
  return null;
}
