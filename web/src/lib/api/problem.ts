import type { Diagnostic, FaultCode, FaultFacts, Problem, Said } from '@datacraft/shared';
import { m } from '#lib/i18n/index.svelte.ts';
import { saidHere } from '#lib/i18n/said.svelte.ts';

/** A call that did not succeed, with the sentence to show beside the thing that was asked for. */
export class ApiError extends Error {
  readonly status: number;
  /** `unclear`: whoever answered was not our server. */
  readonly code: FaultCode | 'offline' | 'unclear';
  readonly facts: FaultFacts;
  readonly diagnostics: readonly Diagnostic[];
  readonly said: Said | undefined;

  constructor(
    status: number,
    code: FaultCode | 'offline' | 'unclear',
    message: string,
    facts: FaultFacts = {},
    diagnostics: readonly Diagnostic[] = [],
    said?: Said,
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.facts = facts;
    this.diagnostics = diagnostics;
    this.said = said;
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;
}

export async function errorOf(response: Response): Promise<ApiError> {
  const text = await response.text();
  try {
    const body: unknown = JSON.parse(text);
    if (isProblem(body))
      return new ApiError(response.status, body.code, sentence(body.detail), body.facts, body.diagnostics, body.said);
  } catch {
    // Not JSON: a proxy or a crash answered. The status is all there is.
  }
  return new ApiError(response.status, 'unclear', `${m().common.unexpected} (${response.status})`);
}

/** Faults are written in lower case; on the page they are sentences. A name at the beginning stays as it is written. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return trimmed;
  const isName = /^\S*[._/\d]\S/.test(trimmed);
  const first = isName ? trimmed : trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?…:]$/.test(first) ? first : `${first}.`;
}

/**
 * What the server said, in the reader's language. Words that are not the server's own, such as the database's, stay as
 * they are below a line for their code.
 */
export function told(code: string | null | undefined, words: string, said?: Said): string {
  const translated = saidHere(words, said);
  if (translated !== null) return sentence(translated);
  const ours = code ? m().fault[code] : undefined;
  return ours === undefined ? sentence(words) : `${ours}\n${sentence(words)}`;
}

/** The sentence of whatever was thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiError) return told(error.code, error.message, error.said);
  return error instanceof Error ? sentence(error.message) : m().common.unexpected;
}
