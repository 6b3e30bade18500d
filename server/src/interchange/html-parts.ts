import type { ReportPart } from '@datacraft/engine';

const BLOCK = /<(h[1-6]|p|li|pre|tr)(?:\s[^>]*)?>([\s\S]*?)<\/\1>/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** The texts of HTML that our own Markdown made: nothing else is read by it. */
export function partsOfHtml(html: string): ReportPart[] {
  return [...html.matchAll(BLOCK)].flatMap(([, tag = '', inner = '']): ReportPart[] => {
    const text = textOf(tag === 'tr' ? inner.replaceAll(/<\/t[dh]>\s*<t/g, '</td> | <t') : inner);
    if (text === '') return [];
    if (tag.startsWith('h')) return [{ kind: 'heading', text }];
    if (tag === 'pre') return [{ kind: 'code', text }];
    return [{ kind: 'text', text: tag === 'li' ? `• ${text}` : text }];
  });
}

function textOf(html: string): string {
  const plain = html.replaceAll(/<br\s*\/?>/g, '\n').replaceAll(/<[^>]+>/g, '');
  return plain.replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name] ?? '').trim();
}
