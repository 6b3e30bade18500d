/** What imports and exports in other forms say: what they leave out, and how they made what they made. */
export const interchange = {
  'its schedule is not in the project: dbt has none, start `dbt build` by what runs your jobs':
    'o agendamento dele não está no projeto: o dbt não tem isso, inicie `dbt build` pelo que executa as suas tarefas',
  'the arrangement of its dashboard is not in the project; its charts are listed as an exposure':
    'a disposição do painel dele não está no projeto; os gráficos estão listados como uma exposure',
  'its layer policy is not in the project: dbt does not check which layer reads which':
    'a política de camadas dele não está no projeto: o dbt não confere que camada lê qual',
  'reads {name}, which is not of this notebook: {how}': 'lê {name}, que não é deste caderno: {how}',
  'is a {type} chart: dbt draws nothing, it is listed in models/_exposures.yml':
    'é um gráfico {type}: o dbt não desenha nada, ele está listado em models/_exposures.yml',
  'learns a model, which dbt cannot: {how}': 'treina um modelo, o que o dbt não sabe fazer: {how}',
  'is a {type} source, which dbt does not load: {how}': 'é uma fonte {type}, que o dbt não carrega: {how}',
  'is a {type} source, which dbt does not load, its rejected rows are left out: {how}':
    'é uma fonte {type}, que o dbt não carrega, e as linhas rejeitadas ficam de fora: {how}',
  'its rows as they were published are the seed {name}': 'as linhas como foram publicadas são a seed {name}',
  'its rows as they were published are a Parquet file of the project':
    'as linhas como foram publicadas são um arquivo Parquet do projeto',
  'its rows are not in the project (it never ran, they are too many, or you may not read them): load the table before `dbt build`':
    'as linhas não estão no projeto (ela nunca foi executada, são linhas demais, ou você não pode lê-las): carregue a tabela antes de `dbt build`',
  'has its steps as SQL': 'tem os passos como SQL',
  'partition_by is left out: tables of DuckDB have no partitions':
    'partition_by ficou de fora: tabelas do DuckDB não têm partições',
  'what it sends elsewhere after a run (export) is not in the project':
    'o que ela envia para outros lugares depois de uma execução (export) não está no projeto',
  'refresh: incremental_strict is left out: dbt does not forbid a full refresh':
    'refresh: incremental_strict ficou de fora: o dbt não proíbe uma atualização completa',
  'its contract ({mode}) is documentation there: dbt only knows contracts that fail':
    'o contrato dela ({mode}) é documentação lá: o dbt só conhece contratos que falham',
  'its distribution of {column} is no test of the project: dbt remembers no results':
    'a distribuição de {column} não é um teste do projeto: o dbt não lembra resultados',
  'its expectation `sql` is no test of the project: write it there as a test in tests/':
    'a expectativa `sql` não é um teste do projeto: escreva-a lá como um teste em tests/',
  'mostly: {mostly} is left out: a test of dbt holds for every row':
    'mostly: {mostly} ficou de fora: um teste do dbt vale para toda linha',
  'its freshness is judged by the clock of DuckDB when dbt tests':
    'o quanto ela está atualizada é julgado pelo relógio do DuckDB quando o dbt testa',
  'is not in the project: {why}': 'não está no projeto: {why}',
  'it is empty or not one SELECT': 'está vazia ou não é um único SELECT',
  'it has errors': 'tem erros',
  'its text names {name}, which the project cannot say as ref() or source(): mend it there by hand':
    'o texto dela nomeia {name}, que o projeto não sabe dizer como ref() ou source(): corrija lá à mão',
  'appends its rows in every `dbt run`; here it does so only when something that it reads has changed. Filter what is new under is_incremental() where that matters':
    'acrescenta as linhas a cada `dbt run`; aqui só quando mudou algo que ela lê. Filtre o que é novo sob is_incremental() onde isso importa',
  'dbt keeps no record of intervals: the model makes those after its newest row (and its lookback), so that a gap further back does not heal by itself':
    'o dbt não guarda registro de intervalos: o modelo faz os que vêm depois da linha mais nova (e do lookback), de modo que uma lacuna mais antiga não se fecha sozinha',
  'never ran, so its columns are not known: as a {keep} it begins anew in every `dbt run`. Run the notebook, then export it again':
    'nunca foi executada, então as colunas não são conhecidas: como {keep} ela recomeça a cada `dbt run`. Execute o caderno e exporte de novo',
  'is a dbt snapshot with a model over it: a snapshot sees one row of a key in each `dbt build`, so of several versions that come at once the newest is kept, and a version that comes late is not put between two others':
    'é um snapshot do dbt com um modelo sobre ele: um snapshot vê uma linha de cada chave em cada `dbt build`, então de várias versões que chegam juntas fica a mais nova, e uma versão que chega tarde não entra entre outras duas',
  'has no rows there: it never ran, failed, or you may not read it':
    'não tem linhas lá: nunca foi executada, falhou, ou você não pode lê-la',
  'is a raw cell there: Jupyter knows no {kind} cells. DataCraft reads it back':
    'é uma célula crua lá: o Jupyter não conhece células {kind}. O DataCraft a lê de volta',
  'is disabled, and left out': 'está desativado e ficou de fora',
  'its {key} is left out': 'o {key} dele ficou de fora',
  'vars are written out as they stand: {vars}': 'as vars estão escritas por extenso como estão: {vars}',
  '{key} is left out: a notebook runs its cells and nothing else':
    '{key} ficou de fora: um caderno executa as suas células e nada mais',
  'packages are not read: what models use of them is a finding there':
    'pacotes não são lidos: o que os modelos usam deles é um achado lá',
  'is kept as a table instead of {materialized}: {why}': 'fica como tabela em vez de {materialized}: {why}',
  'rules are judged over stored rows': 'as regras são julgadas sobre linhas guardadas',
  'a view keeps no value of an input': 'uma view não guarda o valor de uma entrada',
  'materialized {materialized} is not known here: it is kept as a table':
    'materialized {materialized} não é conhecido aqui: fica como tabela',
  'the parts under is_incremental() are left out: the cell always sees all rows of what it reads':
    'as partes sob is_incremental() ficaram de fora: a célula sempre vê todas as linhas do que lê',
  'is kept as a table: {strategy} without a key that is unique would add rows twice, as the cell sees all rows in each run':
    'fica como tabela: {strategy} sem uma chave única acrescentaria linhas duas vezes, já que a célula vê todas as linhas a cada execução',
  '{from} is the cell {to}: names are a-z, 0-9 and _, and unique':
    '{from} é a célula {to}: nomes são a-z, 0-9 e _, e únicos',
  '{kind} are left out: {name}': '{kind} ficaram de fora: {name}',
  'the docs block {name} is there twice': 'o bloco de docs {name} está lá duas vezes',
  'a snapshot needs unique_key to name columns': 'um snapshot precisa de unique_key que nomeie colunas',
  '{key} is left out: keys that do not come again stay as they were':
    '{key} ficou de fora: chaves que não voltam ficam como estavam',
  'a version begins when any column differs, not only those of check_cols':
    'uma versão começa quando qualquer coluna difere, não só as de check_cols',
  '{source}.{table} is loaded outside the project: the cell {name} expects it in PostgreSQL by a connection called {source}; choose there where it is read from':
    '{source}.{table} é carregada fora do projeto: a célula {name} a espera no PostgreSQL por uma conexão chamada {source}; escolha lá de onde ela é lida',
  '{name} of {column}': '{name} de {column}',
  'the test {of} has no rule here and is left out: write it as an expression or a query':
    'o teste {of} não tem regra aqui e ficou de fora: escreva-o como uma expressão ou uma consulta',
  'holds no cells: a Jupyter notebook of format 4 is expected':
    'não tem células: espera-se um caderno Jupyter de formato 4',
  'is not JSON: {reason}': 'não é JSON: {reason}',
  'cell {number} is {language} code: it is kept as text': 'a célula {number} é código {language}: fica como texto',
  '{word} makes no table from a SELECT: it is kept as text': '{word} não faz uma tabela de um SELECT: fica como texto',
  'nested too deeply to be read': 'aninhado fundo demais para ser lido',
  'this template does not come to an end': 'este modelo não chega a um fim',
  'this template gives too long a text': 'este modelo dá um texto longo demais',
  'the macro {macro} needs {name}': 'a macro {macro} precisa de {name}',
  'in the macro {macro}: {reason}': 'na macro {macro}: {reason}',
  'nothing is called {name}: only ref, source, var, config, is_incremental, macros of this project and names that are set are known':
    'nada se chama {name}: só se conhecem ref, source, var, config, is_incremental, macros deste projeto e nomes definidos',
  '{name} belongs to a package, which is not read: write what it stands for':
    '{name} é de um pacote, que não é lido: escreva o que ele representa',
  'there is no {name} here': 'não há {name} aqui',
  'this is no function': 'isto não é uma função',
  'the filter {name} is not known': 'o filtro {name} não é conhecido',
  '"{got}" was not expected here': '"{got}" não era esperado aqui',
  'expected "{text}", got {got}': 'esperava "{text}", veio {got}',
  'expected a name, got {got}': 'esperava um nome, veio {got}',
  'the end': 'o fim',
  '{got} begins no expression': '{got} não começa uma expressão',
  '"{operator}" takes numbers here': '"{operator}" pede números aqui',
  'the test "is {name}" is not known': 'o teste "is {name}" não é conhecido',
  '{tag} closes nothing': '{tag} não fecha nada',
  '{tag} is not closed: end it with {end}': '{tag} não está fechado: termine com {end}',
  '{tag} {known}: write what it stands for': '{tag} {known}: escreva o que isso representa',
  'is a part of Jinja that is not read': 'é uma parte do Jinja que não é lida',
  'is no tag of Jinja': 'não é uma tag do Jinja',
  '"{got}" is not part of an expression': '"{got}" não faz parte de uma expressão',
  'lists that grow (.{name}) are not followed: write the list out':
    'listas que crescem (.{name}) não são seguidas: escreva a lista por extenso',
} as const;
