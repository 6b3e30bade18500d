import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPdf } from '../../../engine/src/pdf/testing/read-pdf.ts';
import { attachEngine } from '../attach.ts';
import type { Mail, SmtpSink } from '../testing/smtp-sink.ts';
import { startSmtpSink } from '../testing/smtp-sink.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;
let smtp: SmtpSink;
beforeAll(async () => {
  smtp = await startSmtpSink();
  test = await startTestServer({ DATACRAFT_ALLOWED_HOSTS: '127.0.0.1' }, { attach: attachEngine });
  owner = await test.owner();
  await owner.call('PUT', '/secrets/mail_word', { value: 'open sesame', hosts: ['127.0.0.1'] });
  await owner.call('PUT', '/secrets/mail_wrong', { value: 'wrong', hosts: ['127.0.0.1'] });
  for (const [name, word] of [
    ['post', 'mail_word'],
    ['shut', 'mail_wrong'],
  ] as const) {
    const login = { user: 'reports', password: `secret://${word}` };
    const config = { host: '127.0.0.1', port: smtp.port, security: 'none', from: 'dc@example.com', ...login };
    expect((await owner.call('PUT', `/connections/${name}`, { type: 'smtp', config })).status).toBe(204);
  }
});
afterAll(async () => {
  await test.close();
  await smtp.close();
});

async function notebook(name: string, target: string, select: string, who = owner) {
  const cell = `\`\`\`sql ${name}\n---\nlayer: gold\ndescription: What we sold\nexport:\n  - ${target}\n---\n${select}\n\`\`\`\n`;
  const text = `---\ndatacraft: 1\ntitle: Sales <daily>\n---\n\n\`\`\`input much\ntype: number\ndefault: 1\n\`\`\`\n\n${cell}`;
  const answer = await who.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' });
  return answer.json.id as string;
}

async function ran(id: string, params: object = {}) {
  const { json } = await owner.call('POST', `/notebooks/${id}/runs`, { params });
  for (;;) {
    const run = (await owner.call('GET', `/runs/${json.runId}`)).json;
    if (run.finishedAt !== null) return run;
    await sleep(50);
  }
}

const rows = `select range as id, 'Zé & <b>' || range as name, (range * $much)::decimal(12, 2) as amount from range(70)`;
/** The texts of a PDF file that was mailed. */
function attachedTo(to: string, file: string): string[][] {
  const mail = mailsTo(to).at(-1)?.text ?? '';
  const part = mail.slice(mail.indexOf('Content-Type: application/pdf'));
  expect(part).toContain(file);
  const body = /\r?\n\r?\n([A-Za-z0-9+/=\s]+)/.exec(part)?.[1] ?? '';
  return readPdf(Buffer.from(body.replaceAll(/\s/g, ''), 'base64'));
}

const mailsTo = (to: string): Mail[] => smtp.mails.filter((mail) => mail.to.includes(to));

/** The parts of a message as they were before they were packed for the way. */
function partsOf({ text }: Mail): string {
  const plain = text
    .replaceAll('=\r\n', '')
    .replaceAll(/(?:=[0-9A-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll('=', ''), 'hex').toString('utf8'));
  return plain.replaceAll(/(?:[A-Za-z0-9+/]{40,76}\r\n)+[A-Za-z0-9+/=]{0,76}/g, (packed) =>
    Buffer.from(packed, 'base64').toString('utf8'),
  );
}

describe('a table that is mailed after its run', () => {
  it('arrives with its first rows, all of them attached, and a link; once for a state, by the login of a secret', async () => {
    const id = await notebook(
      'mailed',
      '{ type: email, connection: post, to: [ana@example.com, rui@example.com] }',
      rows,
    );
    expect(await ran(id)).toMatchObject({ state: 'succeeded' });
    const [mail] = mailsTo('ana@example.com');
    if (!mail) throw new Error('no mail came');
    expect(mail).toMatchObject({ from: 'dc@example.com', to: ['ana@example.com', 'rui@example.com'] });
    expect(mail.login).toBe('reports open sesame');
    const said = partsOf(mail);
    expect(said).toContain('Subject: gold.mailed: 70 rows');
    expect(said).toContain('The first 50 of 70 rows of gold.mailed');
    expect(said).toContain('What we sold');
    expect(said).toContain('Zé &amp; &lt;b&gt;49</td>');
    expect(said).not.toContain('&lt;b&gt;50</td>');
    expect(said).toContain('/tables/gold/mailed');
    expect(said).toContain('Sales &lt;daily&gt;');
    expect(said).toContain('filename=mailed.csv');
    expect(said).toContain('69,Zé & <b>69,69.00');
    expect(await ran(id)).toMatchObject({ state: 'succeeded' });
    expect(mailsTo('ana@example.com')).toHaveLength(1);
    await ran(id, { much: 2 });
    expect(mailsTo('ana@example.com')).toHaveLength(2);
    const audited = await owner.call('GET', '/audit?what=mail-send');
    expect(audited.text).toContain('rui@example.com');
    expect(audited.text).not.toContain('open sesame');
  });

  it('speaks Portuguese, holds as many rows as are asked for, and is sent after each run where that is said', async () => {
    const words = 'rows: 2, language: pt, attach: none, send: always, subject: "Vendas: até hoje"';
    const id = await notebook('enviada', `{ type: email, connection: post, to: zoe@example.com, ${words} }`, rows);
    await ran(id);
    await ran(id);
    const mails = mailsTo('zoe@example.com').map(partsOf);
    expect(mails).toHaveLength(2);
    expect(mails[0]).toContain('As primeiras 2 de 70 linhas de gold.enviada');
    expect(mails[0]).toContain('Abrir no DataCraft');
    expect(mails[0]).not.toContain('.csv');
    const ids = mails.map((mail) => /Message-ID: (\S+)/i.exec(mail)?.[1]);
    expect(new Set(ids).size).toBe(2);
  });

  it('takes the table along as PDF, or the dashboard that its notebook is published as, after each run', async () => {
    const printed = await notebook(
      'printed',
      '{ type: email, connection: post, to: pia@example.com, attach: pdf, language: pt }',
      rows,
    );
    expect(await ran(printed)).toMatchObject({ state: 'succeeded' });
    const table = attachedTo('pia@example.com', 'printed.pdf').flat();
    expect(table).toContain('Zé & <b>69');
    expect(table).toContain('69,00');
    const target = '{ type: email, connection: post, to: leo@example.com, attach: dashboard, send: always }';
    const id = await notebook('shown', target, rows);
    expect(await ran(id)).toMatchObject({ state: 'failed', tasks: [{ error: { code: 'export-failed' } }] });
    const { cells } = await test.server.deps.rooms.notebook(id);
    const cellId = cells.find(({ name }) => name === 'shown')?.id;
    const layout = { title: 'Vendas', tiles: [{ cellId, x: 0, y: 0, w: 12, h: 4 }] };
    expect((await owner.call('POST', `/notebooks/${id}/publish`, { layout })).status).toBe(200);
    expect(await ran(id)).toMatchObject({ state: 'succeeded' });
    const pages = attachedTo('leo@example.com', 'Vendas v1.pdf');
    expect(pages.flat()).toContain('Zé & <b>69');
    expect(pages[0]?.join(' ')).toMatch(/Version 1, published .* sha256 [0-9a-f]{64}/);
  });

  it('that is refused fails the run, whose table stays, and no message holds the password', async () => {
    const id = await notebook('refused', '{ type: email, connection: shut, to: eva@example.com }', rows);
    const run = await ran(id);
    expect(run).toMatchObject({ state: 'failed', tasks: [{ error: { code: 'export-failed' }, rowsWritten: 70 }] });
    expect(JSON.stringify(run)).toContain('did not take the message');
    expect(mailsTo('eva@example.com')).toEqual([]);
    const checked = await owner.call('POST', '/connections/shut/check');
    expect(checked.json).toMatchObject({ ok: false });
    expect((await owner.call('POST', '/connections/post/check')).json).toMatchObject({ ok: true, tables: [] });
  });

  it('goes to nobody whom somebody wrote who may not publish', async () => {
    const runner = await test.member('runner');
    const target = '{ type: email, connection: post, to: all@example.com }';
    expect(await notebook('sly', target, rows, runner)).toBeUndefined();
    const config = { host: '127.0.0.1', port: smtp.port, from: 'dc@example.com' };
    expect((await runner.call('PUT', '/connections/mine', { type: 'smtp', config })).status).toBe(403);
    expect(mailsTo('all@example.com')).toEqual([]);
  });

  it.each([
    ['two addresses in one', 'to: "ana@example.com, eva@example.com"'],
    ['a line break', 'to: "ana@example.com\\nBcc: eva@example.com"'],
    ['a subject of two lines', 'to: ana@example.com, subject: "a\\nBcc: eva@example.com"'],
  ])('is not said with %s', async (_, words) => {
    const id = await notebook('smuggled', `{ type: email, connection: post, ${words} }`, rows);
    const before = smtp.mails.length;
    const { json } = await owner.call('POST', `/notebooks/${id}/runs`, {});
    if (json.runId !== undefined) await ran(id);
    expect(smtp.mails).toHaveLength(before);
  });
});
