import { pluralIn } from '../plural.ts';

const p = pluralIn('en');
const q = pluralIn('pt-BR');

export const en = {
  title: 'Find in the notebook',
  words: 'Find in all cells',
  of: (at: string, all: string) => `${at} of ${all}`,
  all: (n: number) => p(n, '# found', '# found'),
  none: 'Nothing found',
  inSetting: (cell: string) => `in a setting of ${cell}`,
  inName: (cell: string) => `in the name of ${cell}`,
  inText: (cell: string) => `in ${cell}`,
  next: 'Next',
  previous: 'Previous',
  exact: 'As written: capitals and accents',
  browser: 'The browser’s own search',
  close: 'Close the search',
  toggleReplace: 'Replace',
  replaceWith: 'Replace with',
  replace: 'Replace',
  replaceAll: 'Replace all',
  replaced: (n: number, cells: number) => `${p(n, '# place', '# places')} replaced in ${p(cells, '# cell', '# cells')}`,
  notReplaced: (n: number) => p(n, '# in a name or a setting stays', '# in names and settings stay'),
};

export const ptBR: typeof en = {
  title: 'Buscar no caderno',
  words: 'Buscar em todas as células',
  of: (at, all) => `${at} de ${all}`,
  all: (n) => q(n, '# encontrado', '# encontrados'),
  none: 'Nada encontrado',
  inSetting: (cell) => `em uma configuração de ${cell}`,
  inName: (cell) => `no nome de ${cell}`,
  inText: (cell) => `em ${cell}`,
  next: 'Próximo',
  previous: 'Anterior',
  exact: 'Como está escrito: maiúsculas e acentos',
  browser: 'A busca do navegador',
  close: 'Fechar a busca',
  toggleReplace: 'Substituir',
  replaceWith: 'Substituir por',
  replace: 'Substituir',
  replaceAll: 'Substituir tudo',
  replaced: (n, cells) =>
    `${q(n, '# lugar substituído', '# lugares substituídos')} em ${q(cells, '# célula', '# células')}`,
  notReplaced: (n) => q(n, '# em um nome ou uma configuração fica', '# em nomes e configurações ficam'),
};
