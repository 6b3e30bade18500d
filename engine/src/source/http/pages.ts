/**
 * The pages of an answer, by the way the API hands them on.
 *
 * G1  A page is never asked for twice: an API that answers the same page again is a fault, not more rows.
 * G2  Only an empty page, a missing link or a missing cursor ends the pages; a page that is merely short does not.
 */
import type { HttpPagination, HttpSource } from '@datacraft/shared';
import { Fault, unreachable, say } from '@datacraft/shared';
import { parseHttpUrl, shownUrl } from '../network/guarded-request.ts';
import type { HttpAnswer, HttpClient } from './client.ts';
import { parseExactJson } from './exact-json.ts';
import { valueAt } from './json-path.ts';

export interface Page {
  readonly records: readonly unknown[];
  readonly document: unknown;
}

const PAGES_MAX = 100_000;

export async function* pagesOf(spec: HttpSource, first: URL, client: HttpClient): AsyncGenerator<Page> {
  const pagination = spec.pagination ?? null;
  let url: URL | null = pagination ? startOf(first, pagination) : first;
  let before: string | null = null;
  for (let number = 1; url !== null; number += 1) {
    if (number > PAGES_MAX)
      throw new Fault(
        'too-large',
        say('{url} has more than {PAGES_MAX} pages; ask for larger ones', { url: shownUrl(first), PAGES_MAX }),
      );
    const answer = await client.get(url);
    if (answer.status === 404) {
      if (number > 1 && pagination?.type === 'page') return;
      throw notFound(answer.url);
    }
    const page = readPage(spec, answer);
    if (before === answer.text && page.records.length > 0 && pagination) throw repeated(answer.url, number, pagination);
    before = answer.text;
    yield page;
    url = pagination ? nextOf(url, answer, page, pagination, number) : null;
  }
}

function startOf(url: URL, pagination: HttpPagination): URL {
  switch (pagination.type) {
    case 'page':
      return withParams(url, {
        [pagination.param ?? 'page']: pagination.start ?? 1,
        ...(pagination.size === undefined ? {} : { [pagination.size_param ?? 'size']: pagination.size }),
      });
    case 'offset':
      return withParams(url, {
        [pagination.param ?? 'offset']: 0,
        ...(pagination.limit === undefined ? {} : { [pagination.limit_param ?? 'limit']: pagination.limit }),
      });
    case 'link':
    case 'cursor':
      return url;
    default:
      return unreachable(pagination);
  }
}

function nextOf(url: URL, answer: HttpAnswer, page: Page, pagination: HttpPagination, number: number): URL | null {
  switch (pagination.type) {
    case 'link':
      return linkNext(answer);
    case 'page': {
      if (page.records.length === 0) return null;
      return withParams(url, { [pagination.param ?? 'page']: (pagination.start ?? 1) + number });
    }
    case 'offset': {
      if (page.records.length === 0) return null;
      const param = pagination.param ?? 'offset';
      return withParams(url, { [param]: Number(url.searchParams.get(param)) + page.records.length });
    }
    case 'cursor':
      return cursorNext(url, page, pagination);
    default:
      return unreachable(pagination);
  }
}

function cursorNext(url: URL, page: Page, pagination: Extract<HttpPagination, { type: 'cursor' }>): URL | null {
  const next = valueAt(page.document, pagination.path ?? '$.next_cursor', 'pagination.path');
  if (next === undefined || next === null || next === '' || next === false) return null;
  const text = typeof next === 'object' ? JSON.stringify(next) : String(next as string | number | boolean);
  if (/^https?:\/\//.test(text)) return parseHttpUrl(text);
  return withParams(url, { [pagination.param ?? 'cursor']: text });
}

/** RFC 8288: `<address>; rel="next"`. */
function linkNext({ headers, url }: HttpAnswer): URL | null {
  const header = headers['link'];
  const text = Array.isArray(header) ? header.join(', ') : (header ?? '');
  for (const [, target = '', params = ''] of text.matchAll(/<([^>]*)>((?:\s*;\s*[^,;=]+(?:=(?:"[^"]*"|[^,;]*))?)*)/g)) {
    if (/;\s*rel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next(?:\s|;|$))/i.test(params))
      return parseHttpUrl(new URL(target, url).href);
  }
  return null;
}

function withParams(url: URL, params: Readonly<Record<string, string | number>>): URL {
  const next = new URL(url);
  for (const [name, value] of Object.entries(params)) next.searchParams.set(name, String(value));
  return next;
}

function readPage(spec: HttpSource, { url, text }: HttpAnswer): Page {
  const document = parsed(text, url);
  const found = spec.records === undefined ? document : valueAt(document, spec.records, 'records');
  if (Array.isArray(found)) return { records: found as unknown[], document };
  if (spec.records === undefined && typeof found === 'object' && found !== null) return { records: [found], document };
  if (found === undefined || found === null) return { records: [], document };
  throw new Fault(
    'source-unreadable',
    spec.records === undefined
      ? say('{url} has no list of records; correct records:', { url: shownUrl(url) })
      : say('{url} has no list of records at {records}; correct records:', {
          url: shownUrl(url),
          records: spec.records,
        }),
    { file: shownUrl(url) },
  );
}

function parsed(text: string, url: URL): unknown {
  try {
    return parseExactJson(text);
  } catch (error) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    try {
      if (lines.length > 1) return lines.map((line) => parseExactJson(line));
    } catch {
      // Neither one document nor one a line: said below with the first reason.
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault(
      'source-unreadable',
      say('{url} did not answer JSON: {reason}; check url:', { url: shownUrl(url), reason }),
      {
        file: shownUrl(url),
      },
    );
  }
}

function notFound(url: URL): Fault {
  return new Fault('source-unreadable', say('{url} answered 404; check url:', { url: shownUrl(url) }), {
    file: shownUrl(url),
    status: 404,
  });
}

function repeated(url: URL, number: number, { type }: HttpPagination): Fault {
  return new Fault(
    'source-unreadable',
    say(
      '{url} answered page {number} with the records of the page before; it does not hear pagination of type {type}, correct pagination:',
      { url: shownUrl(url), number, type },
    ),
    { file: shownUrl(url) },
  );
}
