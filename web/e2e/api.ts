/** The HTTP API as a test uses it: to put things in place and to hold what the page says against what the server has. */
import { type APIRequestContext, type APIResponse, expect } from '@playwright/test';

export interface RunReport {
  runId: string;
  state: string;
  tasks: { cell: string; state: string; reason?: string; rowsWritten: number; rowsRejected?: number }[];
}

export class Api {
  readonly request: APIRequestContext;

  constructor(request: APIRequestContext) {
    this.request = request;
  }

  async get<T>(path: string): Promise<T> {
    return answer<T>(await this.request.get(`/api/v1${path}`));
  }

  async post<T>(path: string, data: unknown = {}): Promise<T> {
    return answer<T>(await this.request.post(`/api/v1${path}`, { data }));
  }

  async put(path: string, data: unknown): Promise<void> {
    const response = await this.request.put(`/api/v1${path}`, { data });
    expect(response.ok(), path).toBe(true);
  }

  async createNotebook(title: string): Promise<string> {
    return (await this.post<{ id: string }>('/notebooks', { title })).id;
  }

  /** `cells` is the body of the text form, without the header. */
  async importNotebook(title: string, cells: string): Promise<string> {
    const data = `---\ndatacraft: 1\ntitle: ${title}\n---\n\n${cells.trim()}\n`;
    const response = await this.request.post('/api/v1/notebooks/import', {
      data,
      headers: { 'content-type': 'text/markdown' },
    });
    return (await answer<{ id: string }>(response)).id;
  }

  /** The guided example, run: one for all tests, for its tables can have one notebook only. */
  async example(): Promise<{ id: string; runId: string }> {
    const books = await this.get<{ id: string; title: string }[]>('/notebooks');
    const made = books.find(({ title }) => title === 'Vendas por canal');
    const { id } = made ?? (await this.post<{ id: string }>('/notebooks/example'));
    const { runId, state } = await this.run(id);
    expect(state).toBe('succeeded');
    return { id, runId };
  }

  async exportNotebook(id: string): Promise<string> {
    const response = await this.request.get(`/api/v1/notebooks/${id}/export`);
    expect(response.ok(), `export of ${id}`).toBe(true);
    return response.text();
  }

  async upload(name: string, body: string | Buffer, mimeType = 'text/csv'): Promise<string> {
    const file = { name, mimeType, buffer: Buffer.from(body) };
    const response = await this.request.post('/api/v1/files', { multipart: { file } });
    return (await answer<{ path: string }>(response)).path;
  }

  async startRun(id: string, body: unknown = {}): Promise<string> {
    return (await this.post<{ runId: string }>(`/notebooks/${id}/runs`, body)).runId;
  }

  async run(id: string, body: unknown = {}): Promise<RunReport> {
    return this.finished(await this.startRun(id, body));
  }

  async finished(runId: string): Promise<RunReport> {
    let report = await this.get<RunReport>(`/runs/${runId}`);
    await expect(async () => {
      report = await this.get<RunReport>(`/runs/${runId}`);
      expect(['succeeded', 'failed', 'cancelled']).toContain(report.state);
    }).toPass({ timeout: 45_000 });
    return report;
  }

  async query(sql: string): Promise<Record<string, unknown>[]> {
    return (await this.post<{ rows: Record<string, unknown>[] }>('/query', { sql })).rows;
  }
}

async function answer<T>(response: APIResponse): Promise<T> {
  expect(response.ok(), `${response.url()} ${response.status()} ${response.ok() ? '' : await response.text()}`).toBe(
    true,
  );
  return (response.status() === 204 ? undefined : await response.json()) as T;
}
