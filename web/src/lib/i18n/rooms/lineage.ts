import { pluralIn } from '../plural.ts';

const p = pluralIn('en');
const q = pluralIn('pt-BR');

export const en = {
  title: 'Lineage',
  lead: 'Choose a column to see what it is made of and what is made of it.',
  of: (column: string) => `Lineage of ${column}`,
  columns: (n: number) => p(n, '# column', '# columns'),
  show: (name: string) => `Columns of ${name}`,
  from: 'Made of',
  to: 'Used by',
  noFrom: 'It is made of no other column.',
  noTo: 'Nothing is made of it.',
  direct: 'its value',
  indirect: 'decides rows or values',
  rows: 'rows',
  empty: 'No lineage yet',
  emptyLead: 'Run the notebook that makes this table once; its lineage is kept with what it publishes.',
  notKnown: 'Not known',
  clear: 'Show all',
  ofCell: 'Lineage of columns',
  find: 'Find a table or column',
  found: (n: number, of: number) =>
    n === of ? p(of, '# table', '# tables') : `${n} of ${p(of, '# table', '# tables')}`,
  foldAll: 'Fold all',
  more: (n: number, of: number) => `The first ${n} of ${of} are listed; the drawing has them all.`,
};

export const ptBR: typeof en = {
  title: 'Linhagem',
  lead: 'Escolha uma coluna para ver de que ela é feita e o que é feito dela.',
  of: (column: string) => `Linhagem de ${column}`,
  columns: (n: number) => q(n, '# coluna', '# colunas'),
  show: (name: string) => `Colunas de ${name}`,
  from: 'Feita de',
  to: 'Usada por',
  noFrom: 'Não é feita de nenhuma outra coluna.',
  noTo: 'Nada é feito dela.',
  direct: 'seu valor',
  indirect: 'decide linhas ou valores',
  rows: 'linhas',
  empty: 'Ainda sem linhagem',
  emptyLead: 'Execute uma vez o caderno que faz esta tabela; a linhagem fica guardada com o que ele publica.',
  notKnown: 'Não se sabe',
  clear: 'Mostrar tudo',
  ofCell: 'Linhagem das colunas',
  find: 'Procurar tabela ou coluna',
  found: (n: number, of: number) =>
    n === of ? q(of, '# tabela', '# tabelas') : `${n} de ${q(of, '# tabela', '# tabelas')}`,
  foldAll: 'Recolher tudo',
  more: (n: number, of: number) => `Estão listadas as primeiras ${n} de ${of}; o desenho tem todas.`,
};
