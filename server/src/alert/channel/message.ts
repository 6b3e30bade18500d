import type { AlertFacts, AlertSeverity } from '@datacraft/shared';

/** What a channel is told. `id` is the same however often it is sent: the other side can tell a repetition. */
export interface Message {
  readonly id: string;
  readonly kind: 'firing' | 'escalated' | 'resolved' | 'test';
  readonly incident: string;
  readonly title: string;
  readonly severity: AlertSeverity;
  readonly openedAt: string;
  readonly closedAt: string | null;
  /** In the interface. */
  readonly url: string;
  readonly alerts: readonly {
    readonly rule: string;
    readonly state: string;
    readonly summary: string;
    readonly facts: AlertFacts;
    readonly startedAt: string;
  }[];
}

const marks: Readonly<Record<Message['kind'], string>> = {
  firing: 'Firing',
  escalated: 'Nobody took it',
  resolved: 'Resolved',
  test: 'Test',
};

export function subjectOf({ kind, severity, title }: Message): string {
  return `[${marks[kind]}${kind === 'firing' || kind === 'escalated' ? `, ${severity}` : ''}] ${title}`;
}

export function bodyOf(message: Message): string {
  const lines = message.alerts.map(({ rule, state, summary, facts }) => {
    const because = facts.upstream === undefined ? '' : `\n  upstream, ${facts.upstream} failed first`;
    const good = facts.lastGoodSnapshot === undefined ? '' : `\n  last good snapshot: ${facts.lastGoodSnapshot}`;
    return `- ${summary} (rule ${rule}, ${state})${because}${good}`;
  });
  const since = `since ${message.openedAt}${message.closedAt === null ? '' : ` until ${message.closedAt}`}`;
  return [subjectOf(message), since, '', ...lines, '', message.url].join('\n');
}
