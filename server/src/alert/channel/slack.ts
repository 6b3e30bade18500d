import type { Message } from './message.ts';
import { bodyOf, subjectOf } from './message.ts';
import { post } from './post.ts';

/** An incoming webhook of Slack, or of what understands the same body. */
export async function sendSlack(url: string, message: Message, allowedHosts: readonly string[]): Promise<void> {
  const text = escaped(bodyOf(message));
  const blocks = [
    { type: 'header', text: { type: 'plain_text', text: subjectOf(message).slice(0, 150) } },
    { type: 'section', text: { type: 'mrkdwn', text: text.slice(0, 2_900) } },
  ];
  await post(url, JSON.stringify({ text: escaped(subjectOf(message)), blocks }), {}, allowedHosts);
}

/** `<`, `>` and `&` are how Slack writes mentions and links: names of tables must not ping anybody. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
