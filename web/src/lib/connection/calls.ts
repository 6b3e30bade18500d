import type { JsonObject } from '@datacraft/shared';
import { http } from '#lib/api/client.ts';

const enc = encodeURIComponent;

export const connectionTypes = ['postgres', 'mysql', 's3', 'kafka', 'kinesis', 'smtp'] as const;
export type ConnectionType = (typeof connectionTypes)[number];

export interface ConnectionListing {
  name: string;
  type: ConnectionType;
  config: Record<string, string | number>;
  description: string;
  tags: string[];
  owner: string | null;
  updatedAt: string;
  checkedAt: string | null;
  checkError: string | null;
}
type ConnectionWords = Pick<ConnectionListing, 'type' | 'config' | 'description' | 'tags'>;

export interface RemoteTable {
  name: string;
  columns: { name: string; type: string }[];
}
export interface ConnectionCheck {
  ok: boolean;
  error: string | null;
  tables: RemoteTable[];
}
export interface SecretListing {
  name: string;
  /** Where it may be sent. */
  hosts: string[];
  updatedAt: string;
  updatedBy: string | null;
}

/** The calls of the room of sources. */
export const connections = {
  list: () => http.get<ConnectionListing[]>('/connections'),
  save: (name: string, words: ConnectionWords) => http.put<JsonObject>(`/connections/${enc(name)}`, words),
  remove: (name: string) => http.delete<JsonObject>(`/connections/${enc(name)}`),
  check: (name: string) => http.post<ConnectionCheck>(`/connections/${enc(name)}/check`),
  secrets: () => http.get<SecretListing[]>('/secrets'),
  setSecret: (name: string, value: string, hosts: string[]) =>
    http.put<JsonObject>(`/secrets/${enc(name)}`, { value, hosts }),
  bindSecret: (name: string, hosts: string[]) => http.patch<JsonObject>(`/secrets/${enc(name)}`, { hosts }),
  removeSecret: (name: string) => http.delete<JsonObject>(`/secrets/${enc(name)}`),
};

/** Which connections name a secret. */
export function usersOf(secret: string, all: readonly ConnectionListing[]): string[] {
  return all.filter(({ config }) => Object.values(config).includes(`secret://${secret}`)).map(({ name }) => name);
}

/** Hosts as people write them, with commas or spaces between them. */
export function hostsIn(text: string): string[] {
  return text.split(/[\s,]+/).filter((host) => host !== '');
}
