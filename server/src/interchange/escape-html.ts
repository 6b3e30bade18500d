const marks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text that HTML shows as it is, also within attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => marks[char] ?? char);
}
