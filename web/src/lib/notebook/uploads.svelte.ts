import type { CellId, Json } from '@datacraft/shared';
import { messageOf } from '#lib/api/index.ts';
import { upload } from '#lib/api/upload.ts';
import { nameOfFile } from './names.ts';
import * as operations from './operations.ts';
import type { NotebookSession } from './session.svelte.ts';

export interface Upload {
  key: number;
  name: string;
  share: number;
  failure: string | null;
}

/** Files on their way to the server, each shown until it is a source cell or was refused. */
export class Uploads {
  list = $state<Upload[]>([]);
  #next = 1;

  /** Sends the files one after the other; each becomes a source cell under `after`. */
  async sources(session: NotebookSession, files: readonly File[], after: CellId | null): Promise<void> {
    let place = after;
    for (const file of files) {
      const sent = await this.#send(session, file);
      if (!sent) continue;
      place = operations.add(
        session.document,
        'source',
        { after: place },
        { name: nameOfFile(file.name), config: { type: sent.sourceType, path: sent.path } },
      );
      session.selection.select(place);
    }
  }

  /** Puts another file into a source cell; options sniffed for the old one are kept only if written by hand. */
  async replace(session: NotebookSession, id: CellId, file: File): Promise<void> {
    const sent = await this.#send(session, file);
    if (sent) operations.setConfigs(session.document, id, { type: sent.sourceType as Json, path: sent.path });
  }

  dismiss(key: number): void {
    this.list = this.list.filter((one) => one.key !== key);
  }

  async #send(session: NotebookSession, file: File) {
    const key = this.#next++;
    this.list.push({ key, name: file.name, share: 0, failure: null });
    const entry = this.list.find((one) => one.key === key);
    try {
      const sent = await upload(file, session.id, (share) => {
        if (entry) entry.share = share;
      });
      this.dismiss(key);
      return sent;
    } catch (error) {
      if (entry) entry.failure = messageOf(error);
      return null;
    }
  }
}

export const uploads = new Uploads();
