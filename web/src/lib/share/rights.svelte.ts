/** What this person may do in one notebook: its own role for them, as it is now. */
import { type NotebookEvent, type Role, roles } from '@datacraft/shared';
import { api, ApiError } from '#lib/api/index.ts';

export class Rights {
  readonly notebookId: string;
  role = $state<Role>('viewer');
  /** Came by a read-only link: what people say, keep and share is not theirs to see. */
  readonly guest: boolean;

  constructor(notebook: { id: string; myRole: Role }, guest = false) {
    this.notebookId = notebook.id;
    this.role = notebook.myRole;
    this.guest = guest;
  }

  atLeast(needed: Role): boolean {
    return roles.indexOf(this.role) >= roles.indexOf(needed);
  }

  hear(event: NotebookEvent): void {
    if (event.type === 'access') this.role = event.role;
  }

  /** Without an answer what is known stands, and the next call says what is wrong. */
  async lookAgain(): Promise<void> {
    try {
      this.role = (await api.notebook(this.notebookId)).myRole;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) this.role = 'viewer';
      else console.warn('the role in this notebook could not be read', error);
    }
  }
}
