/** What compiling says of names, SQL, cells and charts. */
export const compile = {
  '; did you mean `{suggestion}`?': '; quis dizer `{suggestion}`?',
  '{message}{meant}': '{message}{meant}',
  '`{name}` reads files, which a cell may not do by itself: add a source cell and read from that':
    '`{name}` lê arquivos, o que uma célula não pode fazer sozinha: acrescente uma célula de fonte e leia dela',
  'variables are not readable by name: add an input cell and write `$name`':
    'variáveis não são lidas pelo nome: acrescente uma célula de entrada e escreva `$nome`',
  'the table function `{name}` is not available in a notebook: it reaches beyond the query':
    'a função de tabela `{name}` não está disponível em um caderno: ela vai além da consulta',
  'the function `{name}` is not available in a notebook: it reaches beyond the query':
    'a função `{name}` não está disponível em um caderno: ela vai além da consulta',
  '`{name}` reads itself': '`{name}` lê a si mesma',
  '`{name}` reads itself by way of others: {way}': '`{name}` lê a si mesma por meio de outras: {way}',
  'this {kind} cell has no name: give it one such as `orders`':
    'esta célula {kind} não tem nome: dê-lhe um, como `pedidos`',
  '`{name}` is not a name: use a-z, 0-9 and _, and begin with a letter':
    '`{name}` não serve de nome: use a-z, 0-9 e _, começando com uma letra',
  '`{name}` is already the name of the {kind} cell above: names are unique in a notebook':
    '`{name}` já é o nome da célula {kind} acima: nomes são únicos em um caderno',
  '`{name}` keeps its set-aside rows in `{table}`, which the cell `{owner}` publishes: rename one of them':
    '`{name}` guarda as suas linhas separadas em `{table}`, que a célula `{owner}` publica: renomeie uma delas',
  '`${parameter}` is bound by the input `{owner}` too: rename one of them':
    '`${parameter}` também é dado pela entrada `{owner}`: renomeie uma delas',
  'gold is made of silver: `{name}` reads the raw `{table}`; clean it in a silver cell first':
    'gold é feita de silver: `{name}` lê `{table}`, que é bruta; limpe-a antes em uma célula silver',
  'no {one} is called `{target}` in this notebook': 'nenhuma célula {one} se chama `{target}` neste caderno',
  '`{target}` is not a {one}: give it `materialize: {wanted}`':
    '`{target}` não é {one}: dê-lhe `materialize: {wanted}`',
  '`{target}` is known by {key}: name {length} columns here, as in "{names}"':
    '`{target}` é conhecida por {key}: escreva aqui {length} colunas, como em "{names}"',
  'no key': 'nenhuma chave',
  '`{key}` says nothing here: it belongs to `materialize: {owner}`':
    '`{key}` não diz nada aqui: pertence a `materialize: {owner}`',
  '`{name}` is an input: write `${name}` for its value': '`{name}` é uma entrada: escreva `${name}` para o valor dela',
  '`{name}` is a chart and has no rows to read: read from what the chart reads':
    '`{name}` é um gráfico e não tem linhas para ler: leia de onde o gráfico lê',
  '`{name}` is empty: write its SELECT first': '`{name}` está vazia: escreva antes o SELECT dela',
  '`{name}` has no rows: mend its errors first': '`{name}` não tem linhas: corrija antes os erros dela',
  'no cell is called `{name}`; tables of other notebooks are written `layer.name`':
    'nenhuma célula se chama `{name}`; tabelas de outros cadernos se escrevem `camada.nome`',
  'no layer is called `{schema}`; published tables are in bronze, silver and gold':
    'nenhuma camada se chama `{schema}`; tabelas publicadas ficam em bronze, silver e gold',
  'no input is called `{name}`{hint}': 'nenhuma entrada se chama `{name}`{hint}',
  ': this notebook has none': ': este caderno não tem nenhuma',
  'the input `{name}` does not take that value: {message}': 'a entrada `{name}` não aceita esse valor: {message}',
  'an expectation may not use inputs: it must mean the same in every run':
    'uma regra não pode usar entradas: tem de dizer o mesmo em toda execução',
  'an expectation is one expression over the columns of a row, such as `amount >= 0`':
    'uma regra é uma só expressão sobre as colunas de uma linha, como `amount >= 0`',
  'the cell is empty: write one SELECT': 'a célula está vazia: escreva um SELECT',
  'the text holds a NUL character: delete it': 'o texto contém um caractere NUL: apague-o',
  'a PIVOT needs its list of values to be a SELECT: `pivot t on column in (…) using …`':
    'um PIVOT precisa da lista de valores para ser um SELECT: `pivot t on coluna in (…) using …`',
  'a cell holds one SELECT, not {word}: tables are made by the cell itself':
    'uma célula contém um SELECT, não {word}: as tabelas são feitas pela própria célula',
  'a cell holds exactly one SELECT: move the rest to a cell of its own':
    'uma célula contém exatamente um SELECT: leve o resto para outra célula',
  'SHOW lists the catalogue of the engine: read the tables you need by name':
    'SHOW lista o catálogo do motor: leia pelo nome as tabelas de que precisa',
  '`{name}` gives another answer in every run, while a fresh cell is not run again':
    '`{name}` responde diferente a cada execução, e uma célula em dia não é executada de novo',
  "`{catalog}.{schema}.{name}` names a catalogue: write a cell's name or `layer.name`":
    '`{catalog}.{schema}.{name}` nomeia um catálogo: escreva o nome de uma célula ou `camada.nome`',
  "'{name}' would read a file, which a cell may not do by itself: add a source cell and read from that":
    "'{name}' leria um arquivo, o que uma célula não pode fazer sozinha: acrescente uma célula de fonte e leia dela",
  'AT (…) is not built yet: read the current rows': 'AT (…) ainda não existe: leia as linhas atuais',
  'parameters have names: add an input cell and write `$name`':
    'parâmetros têm nome: acrescente uma célula de entrada e escreva `$nome`',
  'no input binds `${name}`{meant}': 'nenhuma entrada dá `${name}`{meant}',
  '`${name}` is bound in cells that record their intervals: give this one `materialize: incremental`, `time_column` and `start`, or add an input cell of that name':
    '`${name}` é dado em células que registram os seus intervalos: dê a esta `materialize: incremental`, `time_column` e `start`, ou acrescente uma célula de entrada com esse nome',
  '`allow_partials` is about the interval that has not ended: it needs a cell that records its intervals, with `materialize: incremental`, `time_column` and `start`':
    '`allow_partials` trata do intervalo que ainda não terminou: precisa de uma célula que registra os seus intervalos, com `materialize: incremental`, `time_column` e `start`',
  'an expectation `sql` is one SELECT of the rows that must not be':
    'uma regra `sql` é um só SELECT das linhas que não podem existir',
  ': add an input cell of that name': ': acrescente uma célula de entrada com esse nome',
  'quarantine sets aside rows of the finished table: move it behind the other steps':
    'a quarentena separa linhas da tabela pronta: leve-a para depois dos outros passos',
  'this is not one expression: close its brackets and leave out semicolons':
    'isto não é uma só expressão: feche os parênteses e tire os pontos e vírgulas',
  '`engine: {engine}` is not built yet; use duckdb': '`engine: {engine}` ainda não existe; use duckdb',
  'a view is read where no model is, so it cannot ask `{asking}`; use `materialize: table` or `ephemeral`':
    'uma view é lida onde não há modelo, por isso não pode perguntar a `{asking}`; use `materialize: table` ou `ephemeral`',
  'a view cannot keep the value of the input `{input}`; use `materialize: table` or `ephemeral`':
    'uma view não guarda o valor da entrada `{input}`; use `materialize: table` ou `ephemeral`',
  'a {type} chart needs "{key}": a column name': 'um gráfico {type} precisa de "{key}": o nome de uma coluna',
  'a pivot needs "rows" or "columns": a list of column names':
    'um pivot precisa de "rows" ou "columns": uma lista de nomes de colunas',
  '"bucket" needs a date or a timestamp; {name} is {type}':
    '"bucket" precisa de uma data ou timestamp; {name} é {type}',
  'bad value for "bucket": expected {buckets}, got "{bucket}"':
    'valor inválido em "bucket": esperava {buckets}, veio "{bucket}"',
  '"{aggregate}" needs numbers; {name} is {type}. Count it, or choose a number':
    '"{aggregate}" precisa de números; {name} é {type}. Conte-a, ou escolha um número',
  'there is no column "{name}"; {hint}': 'não há coluna "{name}"; {hint}',
  'it has {names}': 'há {names}',
  'did you mean "{suggestion}"?': 'quis dizer "{suggestion}"?',
  '{names} and {length} more': '{names} e mais {length}',
  'a {type} chart needs {words} on "{key}"; {name} is {found}':
    'um gráfico {type} precisa de {words} em "{key}"; {name} é {found}',
  'a number or a date': 'um número ou uma data',
  'a number, the longitude,': 'um número, a longitude,',
  'a date or a number': 'uma data ou um número',
  'there is no column "{name}"; choose another in the chart': 'não há coluna "{name}"; escolha outra no gráfico',
  'the chart needs a column for "{role}"; choose one': 'o gráfico precisa de uma coluna para "{role}"; escolha uma',
  'a pivot needs at least one column in "rows" or "columns"; choose one':
    'um pivot precisa de pelo menos uma coluna em "rows" ou "columns"; escolha uma',
};
