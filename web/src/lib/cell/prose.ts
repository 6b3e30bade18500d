import DOMPurify from 'dompurify';
import MarkdownIt from 'markdown-it';

const markdown = new MarkdownIt({ html: false, linkify: true, typographer: false });

/** Markdown of a notebook as HTML that is safe to place: raw HTML is text, links open elsewhere. */
export function renderProse(source: string): string {
  const html = DOMPurify.sanitize(markdown.render(source), { USE_PROFILES: { html: true } });
  return html.replaceAll('<a href="http', '<a rel="noopener noreferrer" target="_blank" href="http');
}
