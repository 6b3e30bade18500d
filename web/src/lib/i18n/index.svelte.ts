/**
 * Words of the interface. One file per room holds both languages side by side; Portuguese has the type of English, so
 * a missing key does not compile. `m()` is read inside templates and follows the language without a reload.
 *
 * On the server a page renders synchronously after `setLocale`, so that requests cannot see each other's language.
 */
import * as alert from './rooms/alert.ts';
import * as auth from './rooms/auth.ts';
import * as branch from './rooms/branch.ts';
import * as cell from './rooms/cell.ts';
import * as comment from './rooms/comment.ts';
import * as common from './rooms/common.ts';
import * as connection from './rooms/connection.ts';
import * as dashboard from './rooms/dashboard.ts';
import * as environment from './rooms/environment.ts';
import * as fault from './rooms/fault.ts';
import * as find from './rooms/find.ts';
import * as guide from './rooms/guide.ts';
import * as history from './rooms/history.ts';
import * as share from './rooms/share.ts';
import * as home from './rooms/home.ts';
import * as interchange from './rooms/interchange.ts';
import * as lineage from './rooms/lineage.ts';
import * as model from './rooms/model.ts';
import * as rollout from './rooms/rollout.ts';
import * as notebook from './rooms/notebook.ts';
import * as pipelines from './rooms/pipelines.ts';
import * as pin from './rooms/pin.ts';
import * as plan from './rooms/plan.ts';
import * as rooms from './rooms/rooms.ts';
import * as settings from './rooms/settings.ts';
import * as audit from './rooms/audit.ts';
import * as shell from './rooms/shell.ts';
import * as star from './rooms/star.ts';
import * as sql from './rooms/sql.ts';
import * as streaming from './rooms/streaming.ts';
import * as streams from './rooms/streams.ts';
import * as table from './rooms/table.ts';
import * as transform from './rooms/transform.ts';
import { isLocale, type Locale } from './locale.ts';

export { type Locale } from './locale.ts';

const en = {
  common: common.en,
  alert: alert.en,
  auth: auth.en,
  branch: branch.en,
  environment: environment.en,
  shell: shell.en,
  fault: fault.en,
  find: find.en,
  guide: guide.en,
  history: history.en,
  share: share.en,
  home: home.en,
  interchange: interchange.en,
  lineage: lineage.en,
  model: model.en,
  rollout: rollout.en,
  notebook: notebook.en,
  cell: cell.en,
  comment: comment.en,
  connection: connection.en,
  dashboard: dashboard.en,
  pin: pin.en,
  pipelines: pipelines.en,
  plan: plan.en,
  rooms: rooms.en,
  settings: settings.en,
  audit: audit.en,
  star: star.en,
  sql: sql.en,
  streaming: streaming.en,
  streams: streams.en,
  table: table.en,
  transform: transform.en,
};
export type Messages = typeof en;
const ptBR: Messages = {
  common: common.ptBR,
  alert: alert.ptBR,
  auth: auth.ptBR,
  branch: branch.ptBR,
  environment: environment.ptBR,
  shell: shell.ptBR,
  fault: fault.ptBR,
  find: find.ptBR,
  guide: guide.ptBR,
  history: history.ptBR,
  share: share.ptBR,
  home: home.ptBR,
  interchange: interchange.ptBR,
  lineage: lineage.ptBR,
  model: model.ptBR,
  rollout: rollout.ptBR,
  notebook: notebook.ptBR,
  cell: cell.ptBR,
  comment: comment.ptBR,
  connection: connection.ptBR,
  dashboard: dashboard.ptBR,
  pin: pin.ptBR,
  pipelines: pipelines.ptBR,
  plan: plan.ptBR,
  rooms: rooms.ptBR,
  settings: settings.ptBR,
  audit: audit.ptBR,
  star: star.ptBR,
  sql: sql.ptBR,
  streaming: streaming.ptBR,
  streams: streams.ptBR,
  table: table.ptBR,
  transform: transform.ptBR,
};
const catalogue: Record<Locale, Messages> = { en, 'pt-BR': ptBR };

/** In the browser what the document is written in, from the first word on: loads of pages say things before any is drawn. */
let current = $state<Locale>(
  typeof document !== 'undefined' && isLocale(document.documentElement.lang) ? document.documentElement.lang : 'en',
);

/** The messages in the language now. */
export function m(): Messages {
  return catalogue[current];
}

export function locale(): Locale {
  return current;
}

export function setLocale(next: string): void {
  if (!isLocale(next) || next === current) return;
  current = next;
}

let chosen = false;

/** What the server says that the browser asked for, unless the person's own choice is known by now. */
export function startLocale(asked: string): void {
  if (!chosen) setLocale(asked);
}

/** A choice of the person: remembered for a year, on this browser. */
export function chooseLocale(next: Locale): void {
  chosen = true;
  setLocale(next);
  document.documentElement.lang = next;
  document.cookie = `locale=${next}; path=/; max-age=31536000; samesite=lax`;
}
