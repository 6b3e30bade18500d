import { pluralIn } from '../plural.ts';

const p = pluralIn('en');
const q = pluralIn('pt-BR');

export const en = {
  title: 'Audit',
  lead: 'Who did what, in the interface, over HTTP and on the command line. Each entry is sealed with the one before.',
  open: 'Open the audit',
  who: 'Who',
  whoHint: 'Name or e-mail',
  what: 'What',
  whatHint: 'Action, name or id',
  from: 'From',
  to: 'Until',
  verify: 'Verify the chain',
  holds: (entries: number, head: string) => `${p(entries, '# entry holds', '# entries hold')}. Head: ${head}`,
  breaks: (seq: string, because: string) => `The chain breaks at entry ${seq}: ${because}`,
  export: 'Export',
  more: 'Show older entries',
  none: 'No entry is like this',
  noneLead: 'Take a filter away, or look at another time.',
  via: { 'command line': 'command line', 'promotion rule': 'promotion rule' } as Partial<Record<string, string>>,
  nobody: 'nobody logged in',
  when: 'When',
  done: 'Action',
  target: 'On what',
};

export const ptBR: typeof en = {
  title: 'Auditoria',
  lead: 'Quem fez o quê, na interface, por HTTP e na linha de comando. Cada registro é selado com o anterior.',
  open: 'Abrir a auditoria',
  who: 'Quem',
  whoHint: 'Nome ou e-mail',
  what: 'O quê',
  whatHint: 'Ação, nome ou id',
  from: 'De',
  to: 'Até',
  verify: 'Verificar a cadeia',
  holds: (entries: number, head: string) =>
    `${q(entries, '# registro confere', '# registros conferem')}. Último selo: ${head}`,
  breaks: (seq: string, because: string) => `A cadeia se rompe no registro ${seq}: ${because}`,
  export: 'Exportar',
  more: 'Mostrar registros mais antigos',
  none: 'Nenhum registro é assim',
  noneLead: 'Tire um filtro, ou olhe outro período.',
  via: { 'command line': 'linha de comando', 'promotion rule': 'regra de promoção' },
  nobody: 'ninguém com sessão',
  when: 'Quando',
  done: 'Ação',
  target: 'Sobre o quê',
};
