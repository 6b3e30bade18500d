import type { Me } from '@datacraft/shared';
import { api } from '#lib/api/index.ts';

let user = $state<Me['user'] | null>(null);

export function account(): Me['user'] | null {
  return user;
}

export function setAccount(next: Me['user'] | null): void {
  user = next;
}

/** The account as the server has it now; without an answer what is known stands, and the next call says what is wrong. */
export async function lookAgain(): Promise<void> {
  const found = await api.me().catch((error: unknown) => void console.warn('the account could not be read', error));
  if (found) user = found.user;
}

export function canEdit(): boolean {
  return user?.role === 'owner' || user?.role === 'editor';
}

/** Runs notebooks and streams; what a grant adds in one notebook the server knows. */
export function canRun(): boolean {
  return user?.role === 'runner' || canEdit();
}

/** One of the eight presence colours, the same for a person everywhere. */
export function presenceColor(userId: string): number {
  let hash = 0;
  for (const char of userId) hash = (hash * 31 + char.charCodeAt(0)) >>> 0;
  return (hash % 8) + 1;
}
