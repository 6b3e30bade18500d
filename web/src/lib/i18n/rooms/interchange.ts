import { pluralIn } from '../plural.ts';

const p = pluralIn('en');
const q = pluralIn('pt-BR');

export const en = {
  export: 'Export…',
  exportTitle: (title: string) => `Export ${title}`,
  exportLead: 'Secrets and connections never go along. Rows go only as far as you may read them.',
  format: 'Form',
  formats: {
    md: 'Notebook',
    dbt: 'dbt project',
  },
  about: {
    md: 'One Markdown file with all cells, as it lies in git. No results.',
    dbt: 'Models with ref() and source(), tests, descriptions, snapshots, and the rows that they need. Runs on dbt-duckdb.',
  },
  files: (count: number) => p(count, '# file', '# files'),
  notes: 'Not carried over, or works otherwise there',
  noNotes: 'Everything is carried over.',
  ofNotebook: 'The notebook',
  download: 'Download',
  looking: 'Looking at what goes along…',
};

export const ptBR: typeof en = {
  export: 'Exportar…',
  exportTitle: (title) => `Exportar ${title}`,
  exportLead: 'Segredos e conexões nunca vão junto. Linhas vão só até onde você pode lê-las.',
  format: 'Forma',
  formats: {
    md: 'Caderno',
    dbt: 'Projeto dbt',
  },
  about: {
    md: 'Um arquivo Markdown com todas as células, como fica no git. Sem resultados.',
    dbt: 'Modelos com ref() e source(), testes, descrições, snapshots e as linhas de que precisam. Roda no dbt-duckdb.',
  },
  files: (count) => q(count, '# arquivo', '# arquivos'),
  notes: 'Não vai junto, ou lá funciona de outro jeito',
  noNotes: 'Vai tudo junto.',
  ofNotebook: 'O caderno',
  download: 'Baixar',
  looking: 'Vendo o que vai junto…',
};
