import { pluralIn } from '../plural.ts';

const p = pluralIn('en');
const q = pluralIn('pt-BR');

export const en = {
  title: 'Star',
  none: 'No fact tables yet',
  noneLead: 'A cell kept as a fact, with its dimensions, is drawn here. Design one from a silver table below.',
  starOf: (fact: string) => `Star of ${fact}`,
  counts: (dimensions: number) => p(dimensions, 'one fact, # dimension', 'one fact, # dimensions'),
  check: 'Check relationships',
  allFound: 'every row finds its member',
  notFound: (rows: number) =>
    p(rows, '# row without a member, at the unknown one (-1)', '# rows without a member, at the unknown one (-1)'),
  missing: (names: string) => `Not published: ${names}`,
  additive: { additive: 'sum', semi_additive: 'sum, not over time', non_additive: 'no sum' },
  grain: 'grain',
  key: 'key',
  history: 'history',
  more: (n: number) => p(n, 'and # more column', 'and # more columns'),
  design: 'Design a star',
  designLead:
    'Say what each column of a silver table is. The cells are made in a new notebook, as SQL you can go on with.',
  fromTable: 'From the table',
  choose: 'Choose a table',
  leftOut: 'left out',
  measure: (kind: string) => `measure: ${kind}`,
  dimensionKey: 'key of a dimension',
  attributeOf: (key: string) => `attribute of ${key}`,
  historyKind: 'When a member changes',
  scd: { 0: 'keep the first (SCD 0)', 1: 'keep the newest (SCD 1)', 2: 'keep every state (SCD 2)' },
  newest: 'The newer row has the greater',
  needGrain: 'Choose the grain: the columns that tell one row of the fact from another.',
  needNewest: 'To keep every state, choose the column that tells the newer row.',
  create: 'Create the cells',
  notebookTitle: (table: string) => `Star of ${table}`,
};

export const ptBR: typeof en = {
  title: 'Estrela',
  none: 'Nenhuma tabela fato ainda',
  noneLead:
    'Uma célula mantida como fato, com suas dimensões, aparece aqui. Desenhe uma a partir de uma tabela prata abaixo.',
  starOf: (fact) => `Estrela de ${fact}`,
  counts: (dimensions) => q(dimensions, 'um fato, # dimensão', 'um fato, # dimensões'),
  check: 'Verificar relações',
  allFound: 'toda linha encontra seu membro',
  notFound: (rows) => q(rows, '# linha sem membro, no desconhecido (-1)', '# linhas sem membro, no desconhecido (-1)'),
  missing: (names) => `Não publicadas: ${names}`,
  additive: { additive: 'soma', semi_additive: 'soma, não no tempo', non_additive: 'sem soma' },
  grain: 'grão',
  key: 'chave',
  history: 'histórico',
  more: (n) => q(n, 'e mais # coluna', 'e mais # colunas'),
  design: 'Desenhar uma estrela',
  designLead:
    'Diga o que é cada coluna de uma tabela prata. As células nascem num caderno novo, em SQL que você continua.',
  fromTable: 'Da tabela',
  choose: 'Escolha uma tabela',
  leftOut: 'fora',
  measure: (kind) => `medida: ${kind}`,
  dimensionKey: 'chave de dimensão',
  attributeOf: (key) => `atributo de ${key}`,
  historyKind: 'Quando um membro muda',
  scd: { 0: 'fica o primeiro (SCD 0)', 1: 'fica o mais novo (SCD 1)', 2: 'ficam todos os estados (SCD 2)' },
  newest: 'A linha mais nova tem o maior',
  needGrain: 'Escolha o grão: as colunas que distinguem uma linha do fato da outra.',
  needNewest: 'Para guardar todos os estados, escolha a coluna que diz qual linha é mais nova.',
  create: 'Criar as células',
  notebookTitle: (table) => `Estrela de ${table}`,
};
