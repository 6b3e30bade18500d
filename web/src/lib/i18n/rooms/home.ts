import { pluralIn } from '../plural.ts';

const p = pluralIn('en');
const q = pluralIn('pt-BR');

export const en = {
  firstTitle: 'Build your first table in two minutes',
  firstLead:
    'The example is a real notebook over a shop’s orders. Everything in it runs here, and you can change all of it.',
  steps: [
    [
      'Look at a file',
      'A shop’s orders, with decimal commas and dates the Brazilian way. Some rows are wrong on purpose.',
    ],
    ['Ask it a question', 'One SQL cell. The result appears while you type.'],
    ['Draw the answer', 'Choose two columns, get a chart.'],
    ['Let it run', 'One click publishes the tables, with a test that stops bad rows.'],
    ['Share it', 'A link that opens on a phone and says how old it is.'],
  ] as [string, string][],
  start: 'Start the example',
  startHint: 'about 2 minutes, nothing to install',
  own: 'Or begin with your own data',
  drop: 'Drop a file',
  dropLead: 'CSV, JSON or Parquet. Encoding, separator and dates are recognised.',
  dropDo: 'Choose a file',
  imp: 'Import a notebook',
  impLead: 'Markdown, Jupyter, SQL, a dbt project, or a ZIP of these.',
  impDo: 'Import',
  empty: 'Begin empty',
  emptyLead: 'An empty notebook. Press S for SQL, M for prose.',
  emptyDo: 'New notebook',
  examples: 'Examples',
  openCopy: 'Make a copy',
  firstVisit: 'First visit',
  summary: (runs: number, failed: number) =>
    runs === 0
      ? 'No run in the last 24 hours.'
      : `${p(runs, '# run', '# runs')} in the last 24 hours. ${failed === 0 ? 'None failed.' : p(failed, '# failed.', '# failed.')}`,
  needsYou: 'Needs you',
  nothingNeeds: 'Nothing needs you. Every last run went well.',
  failedRun: (title: string) => `${title} failed`,
  failedRunHint: (when: string) => `Its last run stopped ${when}. The tables of the run before it are still in place.`,
  neverRun: (title: string) => `${title} has never run`,
  neverRunHint: 'Its tables are not published yet.',
  notebooks: 'Notebooks',
  lastRuns: 'Last runs',
  noRuns: 'No runs yet. Open a notebook and press Run.',
  colName: 'name',
  colCells: 'cells',
  colRuns: 'last run',
  colChanged: 'changed',
  all: 'All notebooks',
  allRuns: 'All runs',
};

export const ptBR: typeof en = {
  firstTitle: 'Monte sua primeira tabela em dois minutos',
  firstLead:
    'O exemplo é um caderno de verdade sobre os pedidos de uma loja. Tudo nele roda aqui, e você pode mudar tudo.',
  steps: [
    [
      'Veja um arquivo',
      'Os pedidos de uma loja, com vírgula decimal e datas à brasileira. Algumas linhas estão erradas de propósito.',
    ],
    ['Faça uma pergunta', 'Uma célula SQL. O resultado aparece enquanto você digita.'],
    ['Desenhe a resposta', 'Escolha duas colunas e veja um gráfico.'],
    ['Deixe rodar', 'Um clique publica as tabelas, com um teste que barra linhas ruins.'],
    ['Compartilhe', 'Um link que abre no celular e diz a idade dos dados.'],
  ],
  start: 'Começar o exemplo',
  startHint: 'cerca de 2 minutos, nada para instalar',
  own: 'Ou comece com seus dados',
  drop: 'Solte um arquivo',
  dropLead: 'CSV, JSON ou Parquet. Codificação, separador e datas são reconhecidos.',
  dropDo: 'Escolher um arquivo',
  imp: 'Importe um caderno',
  impLead: 'Markdown, Jupyter, SQL, um projeto dbt ou um ZIP com eles.',
  impDo: 'Importar',
  empty: 'Comece do zero',
  emptyLead: 'Um caderno vazio. Aperte S para SQL, M para prosa.',
  emptyDo: 'Novo caderno',
  examples: 'Exemplos',
  openCopy: 'Criar uma cópia',
  firstVisit: 'Primeira visita',
  summary: (runs, failed) =>
    runs === 0
      ? 'Nenhuma execução nas últimas 24 horas.'
      : `${q(runs, '# execução', '# execuções')} nas últimas 24 horas. ${failed === 0 ? 'Nenhuma falhou.' : q(failed, '# falhou.', '# falharam.')}`,
  needsYou: 'Precisa de você',
  nothingNeeds: 'Nada precisa de você. Todas as últimas execuções deram certo.',
  failedRun: (title) => `${title} falhou`,
  failedRunHint: (when) => `A última execução parou ${when}. As tabelas da execução anterior continuam no lugar.`,
  neverRun: (title) => `${title} nunca foi executado`,
  neverRunHint: 'As tabelas dele ainda não estão publicadas.',
  notebooks: 'Cadernos',
  lastRuns: 'Últimas execuções',
  noRuns: 'Nenhuma execução ainda. Abra um caderno e clique em Executar.',
  colName: 'nome',
  colCells: 'células',
  colRuns: 'última execução',
  colChanged: 'mudou',
  all: 'Todos os cadernos',
  allRuns: 'Todas as execuções',
};
