import { pluralIn } from '../plural.ts';

const p = pluralIn('en');
const q = pluralIn('pt-BR');

export const en = {
  title: 'Environments',
  lead: 'A run in an environment writes tables of its own, under the same names; every other name means what production has. Nothing in it can write production.',
  none: 'No environments yet. “What will this run do?” runs in one, and makes it.',
  field: 'Where',
  production: 'production',
  other: 'a new environment…',
  name: 'Name of the environment',
  nameHint: 'small letters, digits, - and _',
  tables: (n: number) => p(n, '# table of its own', '# tables of its own'),
  look: (name: string) => `Look at ${name}`,
  nothing: 'Nothing was written in it, or all of it is production’s by now.',
  rows: (here: number, there: string | null) =>
    `${p(here, '# row', '# rows')}; ${there === null ? 'new' : `${there} in production`}`,
  same: 'the same',
  differs: 'differs',
  promote: 'Promote',
  promoteLead:
    'Tables of this notebook that a run in production would make just so become production’s, without a run.',
  promoted: (n: number) =>
    n === 0 ? 'Nothing was promoted.' : p(n, '# table is production’s now.', '# tables are production’s now.'),
  left: (cells: string) => `Left to a run: ${cells}.`,
  drop: 'Drop',
  dropAsk: (name: string) => `Drop ${name} with all that was written in it? Production stays as it is.`,
  ran: (name: string) => `environment ${name}`,
  ownTable: 'in the environment; its page shows production’s table',
};

export const ptBR: typeof en = {
  title: 'Ambientes',
  lead: 'Uma execução em um ambiente grava tabelas próprias, com os mesmos nomes; qualquer outro nome é o que a produção tem. Nada nele pode gravar na produção.',
  none: 'Nenhum ambiente ainda. “O que esta execução fará?” executa em um, e o cria.',
  field: 'Onde',
  production: 'produção',
  other: 'um ambiente novo…',
  name: 'Nome do ambiente',
  nameHint: 'letras minúsculas, algarismos, - e _',
  tables: (n: number) => q(n, '# tabela própria', '# tabelas próprias'),
  look: (name: string) => `Ver ${name}`,
  nothing: 'Nada foi gravado nele, ou tudo já é da produção.',
  rows: (here, there) => `${q(here, '# linha', '# linhas')}; ${there === null ? 'nova' : `${there} na produção`}`,
  same: 'igual',
  differs: 'difere',
  promote: 'Promover',
  promoteLead:
    'Tabelas deste caderno que uma execução na produção faria exatamente assim passam a ser da produção, sem execução.',
  promoted: (n: number) =>
    n === 0 ? 'Nada foi promovido.' : q(n, '# tabela agora é da produção.', '# tabelas agora são da produção.'),
  left: (cells: string) => `Ficam para uma execução: ${cells}.`,
  drop: 'Descartar',
  dropAsk: (name: string) => `Descartar ${name} com tudo o que foi gravado nele? A produção fica como está.`,
  ran: (name: string) => `ambiente ${name}`,
  ownTable: 'no ambiente; a página dela mostra a tabela de produção',
};
