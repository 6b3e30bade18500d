import type { UploadedFile } from '@datacraft/shared';
import { m } from '#lib/i18n/index.svelte.ts';
import { base } from './client.ts';
import { ApiError, errorOf } from './problem.ts';

/** Sends one file; `onProgress` hears the share sent, 0 to 1. `fetch` cannot tell, so this is an XMLHttpRequest. */
export function upload(
  file: File,
  notebookId: string | null,
  onProgress: (share: number) => void,
): Promise<UploadedFile> {
  const body = new FormData();
  body.set('file', file);
  if (notebookId) body.set('notebookId', notebookId);
  const xhr = new XMLHttpRequest();
  xhr.open('POST', `${base}/files`);
  xhr.upload.onprogress = (event) => {
    if (event.lengthComputable) onProgress(event.loaded / event.total);
  };
  return new Promise((resolve, reject) => {
    xhr.onerror = () => reject(new ApiError(0, 'offline', m().common.offline));
    xhr.onload = () => {
      if (xhr.status >= 200 && xhr.status < 300) return resolve(JSON.parse(xhr.responseText) as UploadedFile);
      errorOf(new Response(xhr.responseText, { status: xhr.status })).then(reject, reject);
    };
    xhr.send(body);
  });
}

export function chooseFile(accept: string): Promise<File | null> {
  const picker = document.createElement('input');
  picker.type = 'file';
  picker.accept = accept;
  return new Promise((resolve) => {
    picker.onchange = () => resolve(picker.files?.[0] ?? null);
    picker.oncancel = () => resolve(null);
    picker.click();
  });
}

export const dataFiles = '.csv,.tsv,.txt,.json,.ndjson,.jsonl,.parquet,.avro,.xlsx,.gz';
