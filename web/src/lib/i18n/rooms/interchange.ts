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
    ipynb: 'Jupyter',
    html: 'HTML page',
    pdf: 'PDF',
  },
  about: {
    md: 'One Markdown file with all cells, as it lies in git. No results.',
    dbt: 'Models with ref() and source(), tests, descriptions, snapshots, and the rows that they need. Runs on dbt-duckdb.',
    ipynb: 'A Jupyter notebook: SQL and Markdown cells with their first rows. DataCraft reads it back, byte for byte.',
    html: 'One page with prose, SQL, first rows and charts, that needs nothing else.',
    pdf: 'A file to print or to send: what was published last, with its version, the age of its data and a hash of it on each page. Unpublished notebooks are marked as drafts.',
  },
  files: (count: number) => p(count, '# file', '# files'),
  notes: 'Not carried over, or works otherwise there',
  noNotes: 'Everything is carried over.',
  ofNotebook: 'The notebook',
  download: 'Download',
  looking: 'Looking at what goes along…',
  importTitle: 'Import',
  importHint: 'A notebook (.md, .ipynb), SQL, files of data, a dbt project or a ZIP archive of these',
  dropHere: 'Drop files or a folder to import',
  dropLead: 'Notebooks (.md, .ipynb), SQL, data, a dbt project, or a ZIP archive',
  reading: (name: string) => `Reading ${name}…`,
  findings: 'What was changed or left out',
  noFindings: 'Everything was taken over.',
  onlyProse: 'Only prose',
  openIt: 'Open',
};

export const ptBR: typeof en = {
  export: 'Exportar…',
  exportTitle: (title) => `Exportar ${title}`,
  exportLead: 'Segredos e conexões nunca vão junto. Linhas vão só até onde você pode lê-las.',
  format: 'Forma',
  formats: {
    md: 'Caderno',
    dbt: 'Projeto dbt',
    ipynb: 'Jupyter',
    html: 'Página HTML',
    pdf: 'PDF',
  },
  about: {
    md: 'Um arquivo Markdown com todas as células, como fica no git. Sem resultados.',
    dbt: 'Modelos com ref() e source(), testes, descrições, snapshots e as linhas de que precisam. Roda no dbt-duckdb.',
    ipynb:
      'Um notebook Jupyter: células SQL e Markdown com suas primeiras linhas. O DataCraft o lê de volta, byte a byte.',
    html: 'Uma página com texto, SQL, primeiras linhas e gráficos, que não precisa de mais nada.',
    pdf: 'Um arquivo para imprimir ou enviar: o que foi publicado por último, com a versão, a idade dos dados e um hash em cada página. Cadernos não publicados saem como rascunho.',
  },
  files: (count) => q(count, '# arquivo', '# arquivos'),
  notes: 'Não vai junto, ou lá funciona de outro jeito',
  noNotes: 'Vai tudo junto.',
  ofNotebook: 'O caderno',
  download: 'Baixar',
  looking: 'Vendo o que vai junto…',
  importTitle: 'Importar',
  importHint: 'Um caderno (.md, .ipynb), SQL, arquivos de dados, um projeto dbt ou um ZIP com eles',
  dropHere: 'Solte arquivos ou uma pasta para importar',
  dropLead: 'Cadernos (.md, .ipynb), SQL, dados, um projeto dbt ou um arquivo ZIP',
  reading: (name) => `Lendo ${name}…`,
  findings: 'O que mudou ou ficou de fora',
  noFindings: 'Tudo foi aproveitado.',
  onlyProse: 'Só texto',
  openIt: 'Abrir',
};
