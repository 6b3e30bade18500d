import { createHash } from 'node:crypto';
import type { ExportSpec } from '@datacraft/shared';
import { Fault, quoteIdentifier, readersOf, relationName } from '@datacraft/shared';
import { attachmentOf } from './attachment.ts';
import type { Letter } from './letter.ts';
import { htmlOf, subjectOf, textOf } from './letter.ts';
import type { OpenShipment, Shipment, Shipped } from './shipment.ts';
import { currentSnapshot, remoteOf, withRows } from './shipment.ts';

export type EmailExport = Extract<ExportSpec, { type: 'email' }>;

const SHOWN_ROWS = 50;
const VALUE_MAX = 200;
/** Mails the first rows and a file beside them, once for a snapshot or, where that is asked for, once for a run. */
export async function sendByEmail(spec: EmailExport, shipment: Shipment): Promise<Shipped> {
  const snapshotId = await currentSnapshot(shipment);
  if (spec.send !== 'always' && shipment.before === snapshotId) return { snapshotId, rows: 0 };
  const remote = remoteOf(shipment);
  if (!remote.mail)
    throw new Fault(
      'unsupported',
      'no mail can be sent from here; run the notebook on the server, where connections and secrets are',
    );
  const to = readersOf(spec.to);
  const table = relationName(shipment.ref);
  const { letter, attachments } = await withRows(shipment, snapshotId, { kind: 'all' }, (open) =>
    written(spec, shipment, open),
  );
  shipment.signal.throwIfAborted();
  await remote.mail(spec.connection, {
    id: idOf(table, spec, snapshotId, shipment),
    to,
    subject: spec.subject ?? subjectOf(letter),
    text: textOf(letter),
    html: htmlOf(letter),
    attachments,
    about: table,
  });
  return { snapshotId, rows: letter.total };
}

async function written(spec: EmailExport, shipment: Shipment, open: OpenShipment) {
  const { session, select, columns } = open;
  const limit = spec.rows ?? SHOWN_ROWS;
  const texts = columns.map(({ name }) => `left(${quoteIdentifier(name)}::varchar, ${VALUE_MAX})`);
  const { rows } = await session.rows(`select ${texts.join(', ')} from (${select}) limit ${limit}`, { limit });
  const counted = await session.rows(`select count(*) from (${select})`);
  const total = Number(counted.rows[0]?.[0]);
  const file = await attachmentOf(spec, shipment, open, total);
  const { home } = remoteOf(shipment);
  const letter: Letter = {
    table: relationName(shipment.ref),
    description: shipment.sender?.description ?? null,
    notebook: shipment.sender?.title ?? '',
    columns,
    rows: rows.map((row) => row.map((value) => (value === null ? null : String(value)))),
    total,
    at: shipment.deps.now(),
    language: spec.language ?? 'en',
    attached: file === null || file === 'too large' ? file : file.name,
    isDashboard: spec.attach === 'dashboard',
    link: home === undefined ? null : `${home}/tables/${shipment.ref.layer}/${shipment.ref.name}`,
  };
  return { letter, attachments: file === null || file === 'too large' ? [] : [file] };
}

function idOf(table: string, spec: EmailExport, snapshotId: string, { sender }: Shipment): string {
  const occasion = spec.send === 'always' ? (sender?.runId ?? snapshotId) : snapshotId;
  const said = JSON.stringify([table, spec, occasion]);
  return createHash('sha256').update(said).digest('hex').slice(0, 32);
}
