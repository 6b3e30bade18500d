import type { AlertFacts, AlertSeverity, Said, Words } from '@datacraft/shared';
import { english, say } from '@datacraft/shared';
import { inPortuguese } from '@datacraft/shared/portuguese';

type Language = 'en' | 'pt';

/** What a channel is told. `id` is the same however often it is sent: the other side can tell a repetition. */
export interface Telling {
  readonly id: string;
  readonly kind: 'firing' | 'escalated' | 'resolved' | 'test';
  readonly incident: string;
  readonly title: Words;
  readonly severity: AlertSeverity;
  readonly openedAt: string;
  readonly closedAt: string | null;
  /** In the interface. */
  readonly url: string;
  readonly alerts: readonly {
    readonly rule: string;
    readonly state: 'pending' | 'firing' | 'resolved';
    readonly summary: Words;
    readonly facts: AlertFacts;
    readonly startedAt: string;
  }[];
}

/** The same in the language of a channel. */
export type Message = Omit<Telling, 'title' | 'alerts'> & {
  readonly language: Language;
  readonly title: string;
  readonly alerts: readonly (Omit<Telling['alerts'][number], 'summary'> & { readonly summary: string })[];
};

export function messageIn(language: Language, { alerts, title, ...rest }: Telling): Message {
  return {
    ...rest,
    language,
    title: inLanguage(language, title),
    alerts: alerts.map((alert) => ({ ...alert, summary: inLanguage(language, alert.summary) })),
  };
}

function inLanguage(language: Language, words: Words): string {
  return (language === 'pt' ? inPortuguese(words) : null) ?? english(words);
}

const marks: Readonly<Record<Telling['kind'], Said>> = {
  firing: say('Firing'),
  escalated: say('Nobody took it'),
  resolved: say('Resolved'),
  test: say('Test'),
};
const severities: Readonly<Record<AlertSeverity, Said>> = {
  info: say('info'),
  warning: say('warning'),
  critical: say('critical'),
};
const states = { pending: say('pending'), firing: say('firing'), resolved: say('resolved') };

export function subjectOf({ kind, severity, title, language }: Message): string {
  const isOpen = kind === 'firing' || kind === 'escalated';
  const said = isOpen
    ? say('[{mark}, {severity}] {title}', { mark: marks[kind], severity: severities[severity], title })
    : say('[{mark}] {title}', { mark: marks[kind], title });
  return inLanguage(language, said);
}

export function bodyOf(message: Message): string {
  const { language, openedAt: from, closedAt: until } = message;
  const told = (words: Said) => inLanguage(language, words);
  const lines = message.alerts.map(({ rule, state, summary, facts: { upstream, lastGoodSnapshot: snapshot } }) => [
    `- ${told(say('{summary} (rule {rule}, {state})', { summary, rule, state: states[state] }))}`,
    ...(upstream === undefined ? [] : [`  ${told(say('upstream, {upstream} failed first', { upstream }))}`]),
    ...(snapshot === undefined ? [] : [`  ${told(say('last good snapshot: {snapshot}', { snapshot }))}`]),
  ]);
  const since = until === null ? say('since {from}', { from }) : say('since {from} until {until}', { from, until });
  return [subjectOf(message), told(since), '', ...lines.flat(), '', message.url].join('\n');
}
