import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, relationName } from '@datacraft/shared';
import { reportPdf } from '../pdf/report.ts';
import type { Mail } from '../source/source.ts';
import type { OpenShipment, Shipment } from './shipment.ts';
import { remoteOf } from './shipment.ts';
import type { EmailExport } from './to-email.ts';

type Attachment = Mail['attachments'][number];

/** Servers refuse what is much larger, and readers' programs too. */
const ATTACHED_MAX_BYTES = 10 * 1024 * 1024;
/** Some 60 pages: more is for a file that a program reads. */
const PRINTED_ROWS = 2_500;

/** What goes along with a mail: the table whole or printed, or the dashboard of its notebook; null: nothing. */
export async function attachmentOf(
  spec: EmailExport,
  shipment: Shipment,
  open: OpenShipment,
  total: number,
): Promise<Attachment | 'too large' | null> {
  switch (spec.attach) {
    case 'none':
      return null;
    case 'pdf':
      return printed(spec, shipment, open, total);
    case 'dashboard':
      return dashboardOf(spec, shipment);
    default:
      return csvOf(shipment, open);
  }
}

async function csvOf({ ref }: Shipment, { session, dir, select }: OpenShipment): Promise<Attachment | 'too large'> {
  const path = join(dir, 'rows.csv');
  await session.run(`copy (${select}) to '${path.replaceAll("'", "''")}' (format csv, header true)`);
  if ((await stat(path)).size > ATTACHED_MAX_BYTES) return 'too large';
  return { name: `${ref.name}.csv`, type: 'text/csv', content: await readFile(path) };
}

async function printed(
  { language = 'en', subject }: EmailExport,
  { ref, sender, deps }: Shipment,
  { session, select }: OpenShipment,
  total: number,
): Promise<Attachment> {
  const page = await session.rows(`select * from (${select}) limit ${PRINTED_ROWS}`, { limit: PRINTED_ROWS });
  const content = reportPdf({
    title: subject ?? relationName(ref),
    description: sender?.description ?? null,
    language,
    version: null,
    dataAt: deps.now().toISOString(),
    parts: [{ kind: 'table', page: { ...page, totalRows: total } }],
  });
  return { name: `${ref.name}.pdf`, type: 'application/pdf', content };
}

async function dashboardOf({ language = 'en' }: EmailExport, shipment: Shipment): Promise<Attachment> {
  const id = shipment.sender?.notebookId ?? null;
  const file = id === null ? null : await remoteOf(shipment).dashboard?.(id, language);
  if (!file)
    throw new Fault(
      'not-found',
      'the notebook is not published as a dashboard; publish it, or leave attach: dashboard out',
    );
  return { ...file, type: 'application/pdf' };
}
