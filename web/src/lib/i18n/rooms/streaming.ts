import { pluralIn } from '../plural.ts';

const p = pluralIn('en');
const q = pluralIn('pt-BR');

export const en = {
  chip: 'streaming',
  chipHint: 'Made commit by commit: only what can still change is computed again.',
  anew: 'made anew',
  refresh: 'Refresh',
  refreshOf: {
    auto: 'automatic',
    full: 'all of it',
    incremental: 'only what is new',
    incremental_strict: 'only what is new, or fail',
    streaming: 'streaming, commit by commit',
  } as Readonly<Record<string, string>>,
  lateness: 'Allowed lateness',
  latenessHint: 'How long after the watermark a row still corrects its window: 10 minutes.',
  output: 'Output',
  outputOf: {
    update: 'open windows too, corrected as rows come',
    final: 'each window once, when it is final',
  } as Readonly<Record<string, string>>,
  outputHint: 'Final rows are only ever added, once the watermark and the lateness have passed their end.',
  watermark: (when: string) => `watermark ${when}`,
  watermarkHint: 'Up to here the event times are complete, as far as is known.',
  noWatermark: 'no watermark',
  state: (n: number) => p(n, '# row of state', '# rows of state'),
  stateHint: 'Rows that what is still open is made of.',
  late: (n: number) => p(n, '# late row', '# late rows'),
  lateHint: (when: string) => `Rows before ${when} are late: they lie apart and change nothing.`,
  cells: 'Streaming cells',
  cell: 'cell',
  watermark_: 'watermark',
  bound: 'late before',
  state_: 'state rows',
  late_: 'late rows',
};

export const ptBR: typeof en = {
  chip: 'em fluxo',
  chipHint: 'Feita gravação por gravação: só o que ainda pode mudar é calculado de novo.',
  anew: 'refeita inteira',
  refresh: 'Atualização',
  refreshOf: {
    auto: 'automática',
    full: 'tudo',
    incremental: 'só o que é novo',
    incremental_strict: 'só o que é novo, ou falhar',
    streaming: 'em fluxo, gravação por gravação',
  },
  lateness: 'Atraso permitido',
  latenessHint: 'Por quanto tempo depois da marca-d’água uma linha ainda corrige sua janela: 10 minutes.',
  output: 'Saída',
  outputOf: {
    update: 'também janelas abertas, corrigidas quando chegam linhas',
    final: 'cada janela uma vez, quando está encerrada',
  },
  outputHint: 'Linhas encerradas só são acrescentadas, depois que a marca-d’água e o atraso passam do seu fim.',
  watermark: (when) => `marca-d’água ${when}`,
  watermarkHint: 'Até aqui os horários dos eventos estão completos, até onde se sabe.',
  noWatermark: 'sem marca-d’água',
  state: (n) => q(n, '# linha de estado', '# linhas de estado'),
  stateHint: 'Linhas de que é feito o que ainda está aberto.',
  late: (n) => q(n, '# linha atrasada', '# linhas atrasadas'),
  lateHint: (when) => `Linhas antes de ${when} estão atrasadas: ficam à parte e não mudam nada.`,
  cells: 'Células em fluxo',
  cell: 'célula',
  watermark_: 'marca-d’água',
  bound: 'atrasada antes de',
  state_: 'linhas de estado',
  late_: 'linhas atrasadas',
};
