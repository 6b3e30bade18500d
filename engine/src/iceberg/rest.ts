import { type Layer, layers, isLayer, type RelationRef } from '@datacraft/shared';
import { exactJson } from './long.ts';
import type { TableMetadata } from './metadata.ts';

/**
 * The reads of Iceberg's REST catalog, as pure answers to a request: configuration, namespaces, tables, one table.
 * Namespaces are the layers, whether they hold a table or not. It writes nothing; a write is answered as unsupported.
 * The server mounts it and decides who may ask.
 */
export interface RestRequest {
  readonly method: string;
  /** What follows `/iceberg/`, still percent-encoded: `v1/namespaces/gold/tables/orders`. */
  readonly path: string;
  readonly query: URLSearchParams;
}

export interface RestAnswer {
  readonly status: number;
  /** Null when the answer has no body. */
  readonly body: object | null;
}

/** What an answer is made from; asked only when the request needs it. */
export interface RestReads {
  tables(layer: Layer): Promise<readonly RelationRef[]>;
  table(ref: RelationRef): Promise<{ readonly metadataLocation: string; readonly metadata: TableMetadata } | null>;
}

const endpoints = [
  'GET /v1/{prefix}/namespaces',
  'GET /v1/{prefix}/namespaces/{namespace}',
  'HEAD /v1/{prefix}/namespaces/{namespace}',
  'GET /v1/{prefix}/namespaces/{namespace}/tables',
  'GET /v1/{prefix}/namespaces/{namespace}/tables/{table}',
  'HEAD /v1/{prefix}/namespaces/{namespace}/tables/{table}',
];

export async function answerRest(request: RestRequest, reads: RestReads): Promise<RestAnswer> {
  const parts = segmentsOf(request.path);
  if (parts === null) return failure(400, 'BadRequestException', `the path is not well encoded: ${request.path}`);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return failure(
      406,
      'UnsupportedOperationException',
      'this catalog is read-only: tables are written by their notebooks',
    );
  }
  const answer = await answerRead(parts, request.query, reads);
  if (request.method === 'GET') return answer;
  return { status: answer.status === 200 ? 204 : answer.status, body: null };
}

async function answerRead(parts: readonly string[], query: URLSearchParams, reads: RestReads): Promise<RestAnswer> {
  const [version, collection, namespace, tables, table, ...rest] = parts;
  if (version !== 'v1' || rest.length > 0) return noRoute(parts);
  if (collection === 'config' && namespace === undefined) return ok({ defaults: {}, overrides: {}, endpoints });
  if (collection !== 'namespaces') return noRoute(parts);
  if (namespace === undefined) return listNamespaces(query.get('parent'));
  if (!isLayer(namespace)) return noNamespace(namespace);
  if (tables === undefined) return ok({ namespace: [namespace], properties: {} });
  if (tables !== 'tables') return noRoute(parts);
  if (table === undefined) {
    const refs = await reads.tables(namespace);
    return ok({ identifiers: refs.map((ref) => ({ namespace: [ref.layer], name: ref.name })) });
  }
  const found = await reads.table({ layer: namespace, name: table });
  if (!found) return failure(404, 'NoSuchTableException', `table does not exist: ${namespace}.${table}`);
  return ok({ 'metadata-location': found.metadataLocation, metadata: found.metadata, config: {} });
}

function listNamespaces(parent: string | null): RestAnswer {
  if (parent === null || parent === '') return ok({ namespaces: layers.map((layer) => [layer]) });
  return isLayer(parent) ? ok({ namespaces: [] }) : noNamespace(parent);
}

function segmentsOf(path: string): string[] | null {
  try {
    return path
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

function ok(body: object): RestAnswer {
  return { status: 200, body };
}

function noNamespace(name: string): RestAnswer {
  return failure(404, 'NoSuchNamespaceException', `namespace does not exist: ${name.replaceAll('\u001f', '.')}`);
}

function noRoute(parts: readonly string[]): RestAnswer {
  return failure(404, 'NotFoundException', `no such route: /${parts.join('/')}`);
}

/** The text of an answer's body: snapshot ids with all their digits. */
export function restText(body: object): string {
  return exactJson(body);
}

/** The error shape of the REST specification. */
export function failure(code: number, type: string, message: string): RestAnswer {
  return { status: code, body: { error: { message, type, code } } };
}
