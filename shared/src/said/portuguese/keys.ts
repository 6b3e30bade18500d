/** What is said of the keys of cells: unknown ones, missing ones, and values that do not fit. */
export const keys = {
  '{path}: {message}': '{path}: {message}',
  'got none': 'não veio nenhum',
  'got {present}; make them separate items': 'vieram {present}; faça deles itens separados',
  'expected exactly one of {required}, {found}': 'esperava exatamente um de {required}, {found}',
  'the key "{key}" does not go with {others}; remove it': 'a chave "{key}" não combina com {others}; tire-a',
  'did you mean "{meant}"?': 'quis dizer "{meant}"?',
  'known keys: {known}': 'chaves conhecidas: {known}',
  'remove it': 'tire-a',
  'unknown key "{key}"; {hint}': 'chave desconhecida "{key}"; {hint}',
  'unknown key "{path}"; did you mean "{meant}"?': 'chave desconhecida "{path}"; quis dizer "{meant}"?',
  'missing key "{key}"{expected}': 'falta a chave "{key}"{expected}',
  'missing key "{key}": {because}': 'falta a chave "{key}": {because}',
  ': expected {forms}': ': esperava {forms}',
  'expected {forms}': 'esperava {forms}',
  ', got {got}': ', veio {got}',
  'bad value for "{path}": {expectation}{found}': 'valor inválido em "{path}": {expectation}{found}',
  '{expectation}{found}': '{expectation}{found}',
  '{message}; did you mean "{meant}"?': '{message}; quis dizer "{meant}"?',
  'another value': 'outro valor',
  '{one} or {other}': '{one} ou {other}',
  'a map': 'um mapa',
  'a map with {required}': 'um mapa com {required}',
  'a map {keys}': 'um mapa {keys}',
  'a list of {forms}': 'uma lista de {forms}',
  text: 'texto',
  'a number': 'um número',
  'a whole number': 'um número inteiro',
  'a whole number from {min} to {max}': 'um número inteiro de {min} a {max}',
  'a number from {min} to {max}': 'um número de {min} a {max}',
  'one of {choices}': 'um de {choices}',
  'balanced, or a weight above 0 for each class such as { "yes": 5 }':
    'balanced, ou um peso acima de 0 para cada classe, como { "yes": 5 }',
  'bad value for "{name}": expected {problem}, got {got}': 'valor inválido em "{name}": esperava {problem}, veio {got}',
  '{algorithm} has no parameter `{name}`: it knows {names}{hint}':
    '{algorithm} não tem o parâmetro `{name}`: conhece {names}{hint}',
  'a number such as 12 or 0.5': 'um número como 12 ou 0.5',
  'true or false': 'true ou false',
  'a date such as 2025-11-20': 'uma data como 2025-11-20',
  'a date such as 2024-01-31': 'uma data como 2024-01-31',
  'a list of two dates such as [2024-01-01, 2024-01-31]': 'uma lista de duas datas como [2024-01-01, 2024-01-31]',
  'one of the options': 'uma das opções',
  'a list of options': 'uma lista de opções',
  'expected a number': 'esperava um número',
  'expected true or false': 'esperava true ou false',
  'expected a date such as 2025-11-20': 'esperava uma data como 2025-11-20',
  'expected two dates': 'esperava duas datas',
  'expected a list': 'esperava uma lista',
  'expected a text': 'esperava um texto',
  'expected one value': 'esperava um só valor',
  'a range such as 2025-11-01..2025-11-20': 'um intervalo como 2025-11-01..2025-11-20',
  'expected {expected}, got "{got}"': 'esperava {expected}, veio "{got}"',
  'expected at least one column': 'esperava pelo menos uma coluna',
  'expected a whole number of at least 1': 'esperava um número inteiro a partir de 1',
  'expected a whole number of at least 0': 'esperava um número inteiro a partir de 0',
  'expected at least 1': 'esperava pelo menos 1',
  'expected at least one': 'esperava pelo menos um',
  'expected at least one value': 'esperava pelo menos um valor',
  'expected at least one name': 'esperava pelo menos um nome',
  'expected at least one option': 'esperava pelo menos uma opção',
  'expected some text, got an empty string': 'esperava algum texto, veio um vazio',
  'expected a number above 0': 'esperava um número acima de 0',
  'expected a number from 0 to 1': 'esperava um número de 0 a 1',
  'expected a number between 0 and 1': 'esperava um número entre 0 e 1',
  'expected 2 to 20': 'esperava de 2 a 20',
  'expected 0 or more': 'esperava 0 ou mais',
  'expected a length of time such as 10 seconds, 2 hours or 1 day':
    'esperava um tempo como 10 seconds, 2 hours ou 1 day',
  'expected a share from 0 to 1, such as 0.05': 'esperava uma parte de 0 a 1, como 0.05',
  'expected a share such as 2%': 'esperava uma parte como 2%',
  'expected a rate such as 100/s': 'esperava um ritmo como 100/s',
  'expected a pattern of at most 200 characters': 'esperava um padrão de no máximo 200 caracteres',
  'expected at least one topic': 'esperava pelo menos um tópico',
  'expected at most 100 topics': 'esperava no máximo 100 tópicos',
  '{chosen} and {key} stand together: keep one of them': '{chosen} e {key} estão juntos: deixe só um deles',
  'say which topic to read, or topics: [a, b], or topic_pattern:':
    'diga que tópico ler, ou topics: [a, b], ou topic_pattern:',
  'bad value for "start": offsets by partition are of one topic; of several, begin at earliest, latest or a time':
    'valor inválido para "start": posições por partição são de um só tópico; com vários, comece em earliest, latest ou um momento',
  'bad value for "topic_pattern": expected a regular expression such as orders\\..* or shop-(eu|us)':
    'valor inválido para "topic_pattern": esperava uma expressão regular como orders\\..* ou shop-(eu|us)',
  'bad value for "topic_pattern": a repeated group may not repeat within, nor a part refer to another; write it without, such as orders\\..*':
    'valor inválido para "topic_pattern": um grupo repetido não pode ter repetição dentro, nem uma parte se referir a outra; escreva sem isso, como orders\\..*',
  'expected a delimiter of one to four bytes, such as ; or || or §':
    'esperava um separador de um a quatro bytes, como ; ou || ou §',
  'sheets are counted from 1': 'as planilhas são contadas a partir de 1',
  'expected cells such as B2 or A3:F100': 'esperava células como B2 ou A3:F100',
  'expected the name of a model, as its cell is called': 'esperava o nome de um modelo, como a célula dele se chama',
  'expected a name of lower-case letters, digits and _': 'esperava um nome de letras minúsculas, algarismos e _',
  'expected a port from 1 to 65535': 'esperava uma porta de 1 a 65535',
  'expected table or schema.table': 'esperava tabela ou esquema.tabela',
  'expected s3://bucket/folder/ or s3://bucket/file': 'esperava s3://bucket/pasta/ ou s3://bucket/arquivo',
  'expected a stored secret, as secret://name': 'esperava um segredo guardado, como secret://nome',
  'expected five cron fields such as "0 6 * * *": minute, hour, day, month, weekday':
    'esperava cinco campos de cron, como "0 6 * * *": minuto, hora, dia, mês, dia da semana',
  'expected an IANA time zone such as America/Sao_Paulo or UTC': 'esperava um fuso IANA como America/Sao_Paulo ou UTC',
  'expected either `cron` or `every`': 'esperava ou `cron` ou `every`',
  'a database is found by connection, url or host': 'um banco é achado por connection, url ou host',
  'say which table to read, or write a query': 'diga qual tabela ler, ou escreva uma consulta',
  'table and query stand together: keep one of them': 'table e query estão juntas: fique com uma delas',
  '"{key}" is said by the connection: leave it out here, or leave out connection':
    '"{key}" já é dito pela conexão: tire-o daqui, ou tire connection',
  'bad value for "{key}": mode cdc follows a whole table, row by row; leave {key} out':
    'valor inválido em "{key}": o modo cdc acompanha a tabela inteira, linha a linha; tire {key}',
  'bad value for "{key}": {why}': 'valor inválido em "{key}": {why}',
  'only an s3:// path is read through a connection; leave connection out':
    'só um caminho s3:// é lido por uma conexão; tire connection',
  'expected s3://bucket/key, with * for many objects': 'esperava s3://bucket/chave, com * para vários objetos',
  'a stream is read with a key, or through a connection of type kinesis':
    'um fluxo é lido com uma chave, ou por uma conexão do tipo kinesis',
  'access_key and secret_key stand together': 'access_key e secret_key andam juntas',
  'a forecast goes along time': 'uma previsão segue o tempo',
  '{task} predicts one column': '{task} prevê uma coluna',
  '{asked} does not do {task}: use {known}': '{asked} não faz {task}: use {known}',
  'a split by time needs the column: add `time_column`':
    'separar por tempo precisa da coluna: acrescente `time_column`',
  'only classes can be stratified: use random': 'só classes podem ser estratificadas: use random',
  '{task} has no probability to decide by: only a classification can decide':
    '{task} não tem probabilidade para decidir: só uma classificação decide',
  'approve and deny are the same: the one below the other says whether low or high is approved':
    'approve e deny são iguais: o menor deles diz se o baixo ou o alto é aprovado',
  'a forecast goes along one series: it looks up no features': 'uma previsão segue uma série: não consulta atributos',
  '{task} knows no steps to come: only a forecast has scenarios':
    '{task} não conhece passos futuros: só uma previsão tem cenários',
  'scenarios differ in what drives the series: list the columns in `features`':
    'cenários diferem no que move a série: liste as colunas em `features`',
  'a row learns what was known at its time: add `time_column`':
    'uma linha aprende o que se sabia no seu tempo: acrescente `time_column`',
  '{task} is not compared with a champion: promote it by hand':
    '{task} não é comparada com um campeão: promova-a à mão',
  '{task} is not measured by {metric}: use {known}': '{task} não é medida por {metric}: use {known}',
  'expected a length of at least a second, such as 10 seconds or 2 hours':
    'esperava um tempo de pelo menos um segundo, como 10 seconds ou 2 hours',
  'expected 1 to 100 attempts': 'esperava de 1 a 100 tentativas',
  '"{other}" is shorter than "{key}", which would never come into play: make it longer':
    '"{other}" é mais curto que "{key}", que assim nunca valeria: aumente-o',
  '"max_bad_ratio" counts rows that are set aside: say rejects: table as well, or leave it out':
    '"max_bad_ratio" conta linhas separadas: escreva também rejects: table, ou tire-a',
  'a CSV message has no names: declare them in the order of its values':
    'uma mensagem CSV não tem nomes: declare-os na ordem dos valores',
  'bad value for "export": a table is sent, and materialize: {materialize} keeps none; use materialize: table':
    'valor inválido em "export": o que se envia é uma tabela, e materialize: {materialize} não guarda nenhuma; use materialize: table',
  'bad value for "partition_by": expected a column, year(c), month(c), day(c), hour(c), bucket(n, c) or truncate(n, c), got "{entry}"':
    'valor inválido em "partition_by": esperava uma coluna, year(c), month(c), day(c), hour(c), bucket(n, c) ou truncate(n, c), veio "{entry}"',
  'a dimension is kept by its business key': 'uma dimensão é mantida pela sua chave de negócio',
  'a hub holds business keys: name their columns': 'um hub guarda chaves de negócio: escreva as colunas delas',
  'a link says which hubs meet: { customer_id: hub_customer }':
    'um link diz quais hubs se encontram: { customer_id: hub_customer }',
  'a satellite speaks of a hub or a link': 'um satélite fala de um hub ou de um link',
  'the columns of the business key that it speaks of': 'as colunas da chave de negócio de que fala',
  'bad value for "{key}": it says how a merge writes; use materialize: incremental with strategy: merge and unique_key, or leave "{key}" out':
    'valor inválido em "{key}": diz como uma mesclagem grava; use materialize: incremental com strategy: merge e unique_key, ou tire "{key}"',
  'bad value for "{key}": a streaming cell is made commit by commit and merges nothing; leave "{key}" out, or use refresh: auto':
    'valor inválido em "{key}": uma célula de streaming é feita commit a commit e não mescla nada; tire "{key}", ou use refresh: auto',
  'bad value for "unmatched": with time_column and start a run reads only the intervals that it owes, so unmatched: delete would delete all others; leave "start" out, so that each run reads everything, or use unmatched: keep':
    'valor inválido em "unmatched": com time_column e start a execução lê só os intervalos que deve, e unmatched: delete apagaria todos os outros; tire "start", para que cada execução leia tudo, ou use unmatched: keep',
  'strategy merge updates rows by their key': 'a estratégia merge atualiza linhas pela chave',
  'strategy replace_interval replaces rows by their time':
    'a estratégia replace_interval troca linhas pelo tempo delas',
  'a {type} offers a list or { from, column }': '{type} oferece uma lista ou { from, column }',
  'bad value for "default": a {type} expects {expected}, got {got}':
    'valor inválido em "default": {type} espera {expected}, veio {got}',
};
