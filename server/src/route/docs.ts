import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../deps.ts';

const info = {
  title: 'DataCraft',
  version: '1',
  description:
    'Everything that the interface does. Sign in with the session cookie or `Authorization: Bearer <api token>`. Errors are `application/problem+json` with a stable `code`.',
};

interface Operation {
  readonly tags?: string[];
  readonly summary?: string;
  readonly parameters?: readonly object[];
  readonly requestBody?: object;
  readonly responses?: Record<string, object>;
}

/** The machine's description of the API, and the same for people, without any script. */
export function docsRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'datacraft_session',
  });
  const describe = () =>
    app.getOpenAPI31Document({ openapi: '3.1.0', info, security: [{ session: [] }, { token: [] }] });
  app.get('/api/v1/openapi.json', (c) => c.json(describe()));
  app.get('/api/docs', (c) => {
    c.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    return c.html(page(operationsOf(describe().paths ?? {})));
  });
}

interface Listed {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

function operationsOf(paths: object): Map<string, Listed[]> {
  const byTag = new Map<string, Listed[]>();
  for (const [path, methods] of Object.entries(paths) as [string, Record<string, Operation>][]) {
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags?.[0] ?? 'Other';
      byTag.set(tag, [...(byTag.get(tag) ?? []), { method: method.toUpperCase(), path, operation }]);
    }
  }
  return byTag;
}

function page(byTag: ReadonlyMap<string, readonly Listed[]>): string {
  const sections = [...byTag].map(
    ([tag, listed]) => `<section><h2 id="${escape(tag)}">${escape(tag)}</h2>${listed.map(article).join('')}</section>`,
  );
  const contents = [...byTag.keys()].map((tag) => `<li><a href="#${escape(tag)}">${escape(tag)}</a></li>`).join('');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>DataCraft API</title><style>${style}</style></head><body><main><h1>DataCraft API</h1><p>${escape(info.description)}</p>
<p>For programs: <a href="/api/v1/openapi.json">openapi.json</a></p><nav aria-label="Contents"><ul>${contents}</ul></nav>${sections.join('')}</main></body></html>`;
}

function article({ method, path, operation }: Listed): string {
  const parts = [
    details('Parameters', operation.parameters),
    details('Body', operation.requestBody),
    details('Answers', operation.responses),
  ];
  return `<article><h3><code class="${method}">${method}</code> <code>${escape(path)}</code></h3><p>${escape(operation.summary ?? '')}</p>${parts.join('')}</article>`;
}

function details(title: string, value: object | undefined): string {
  if (value === undefined) return '';
  return `<details><summary>${title}</summary><pre tabindex="0">${escape(JSON.stringify(value, null, 2))}</pre></details>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

const style = `:root{color-scheme:light dark}body{font:15px/1.55 system-ui,sans-serif;margin:0}main{max-width:56rem;margin:0 auto;padding:2rem 1rem}
h3{font-weight:500;margin:0}article{border:1px solid #8884;border-radius:8px;padding:.75rem 1rem;margin:.5rem 0}article p{margin:.25rem 0}
code{font-family:ui-monospace,monospace}code.GET{color:#1c7a4a}code.POST,code.PUT,code.PATCH{color:#2563b8}code.DELETE{color:#b42318}
@media(prefers-color-scheme:dark){code.GET{color:#6ee7a8}code.POST,code.PUT,code.PATCH{color:#93c5fd}code.DELETE{color:#fca5a5}}
pre{overflow:auto;max-height:24rem;background:#8881;padding:.75rem;border-radius:6px}`;
