/** What is said of databases, object stores, pushed events and Spark. */
export const remote = {
  '{shownAs} gave no record, and no columns are declared; declare them with columns: { name: type }':
    '{shownAs} não deu nenhum registro, e não há colunas declaradas; declare-as com columns: { nome: tipo }',
  'sources of type {type} cannot be read here; run the notebook':
    'fontes do tipo {type} não podem ser lidas aqui; execute o caderno',
  'the table of {shownAs} was not made by this cell as it is now; run it, then read what was set aside again':
    'a tabela de {shownAs} não foi feita por esta célula como ela está agora; execute-a, e depois leia de novo o que foi separado',
  'reading {shownAs} was cancelled': 'a leitura de {shownAs} foi cancelada',
  'rows that a source of type {type} set aside cannot be read again':
    'linhas separadas por uma fonte do tipo {type} não podem ser lidas de novo',
  '{url} answered {status}{message}; check auth: and the secret it names':
    '{url} respondeu {status}{message}; confira auth: e o segredo que ele cita',
  '{url} answered {status}{message}; it limits how often it may be asked, try again later':
    '{url} respondeu {status}{message}; ele limita a frequência dos pedidos, tente de novo mais tarde',
  '{url} answered {status}{message}; the other side has a problem, try again later':
    '{url} respondeu {status}{message}; o outro lado está com problemas, tente de novo mais tarde',
  '{url} answered {status}{message}; check url: and params:':
    '{url} respondeu {status}{message}; confira url: e params:',
  'there is no column {cursor} to read by; its columns are {names}':
    'não há coluna {cursor} por onde ler; as colunas são {names}',
  'more than {most} rows lie at the boundary of the cursor; use a finer column for cursor:, or a shorter overlap:':
    'há mais de {most} linhas na fronteira do cursor; use uma coluna mais fina em cursor:, ou um overlap: mais curto',
  'more than {most} rows lie at the boundary of the cursor; say a shorter overlap: or read a table: in place of the query':
    'há mais de {most} linhas na fronteira do cursor; escreva um overlap: mais curto ou leia uma table: no lugar da consulta',
  'more than {most} rows lie at the boundary of the cursor; use a finer column for cursor: or read a table: in place of the query':
    'há mais de {most} linhas na fronteira do cursor; use uma coluna mais fina em cursor: ou leia uma table: no lugar da consulta',
  'table: {table} is not of the form table or database.table': 'table: {table} não tem a forma tabela ou banco.tabela',
  'table: {table} is not of the form schema.table': 'table: {table} não tem a forma esquema.tabela',
  'the publication {publication} does not hold {relation}; add it over there':
    'a publicação {publication} não contém {relation}; acrescente-a no banco de origem',
  'this is not the database that was followed so far; run with a full refresh':
    'este não é o banco que vinha sendo acompanhado; execute com uma atualização completa',
  'the replication slot {slot} does not hold the changes since the published rows any more: it was dropped, or somebody else reads it; give this cell a slot: of its own and run with a full refresh':
    'o slot de replicação {slot} não tem mais as mudanças desde as linhas publicadas: foi removido, ou outro o lê; dê a esta célula um slot: próprio e execute com uma atualização completa',
  'mode: cdc needs wal_level = logical over there, it is {level}; have it set, or use incremental:':
    'mode: cdc precisa de wal_level = logical no banco de origem, lá está {level}; peça para ajustar, ou use incremental:',
  '{relation} has no primary key, by which changes find their row; add one over there, or use incremental:':
    '{relation} não tem chave primária, pela qual as mudanças acham a linha; crie uma no banco de origem, ou use incremental:',
  'this is not the database that was read last, or it was restored from a copy: transactions cannot be compared; run with a full refresh':
    'este não é o banco da última leitura, ou ele foi restaurado de uma cópia: não dá para comparar transações; execute com uma atualização completa',
  'the cursor of this query is no time, so that rows which commit late could be lost; say with overlap: how far below the greatest number they may come, or read a table: in place of the query':
    'o cursor desta consulta não é um momento, e linhas confirmadas com atraso poderiam se perder; diga em overlap: a que distância abaixo do maior número elas podem vir, ou leia uma table: no lugar da consulta',
  'this user may not see when transactions of others began, so that rows which commit late would be lost; grant it pg_read_all_stats, read a table: in place of the query, or say overlap: under incremental:':
    'este usuário não pode ver quando começaram as transações dos outros, e linhas confirmadas com atraso se perderiam; dê-lhe pg_read_all_stats, leia uma table: no lugar da consulta, ou escreva overlap: em incremental:',
  '{file} was changed while it was read; run it again': '{file} mudou durante a leitura; execute de novo',
  'what {path} holds cannot be told by its name; write format: csv, json, parquet or avro':
    'pelo nome não se sabe o que {path} contém; escreva format: csv, json, parquet ou avro',
  'no object matches {path}; check the bucket and the pattern':
    'nenhum objeto corresponde a {path}; confira o bucket e o padrão',
  's3:// paths cannot be read here; run the notebook': 'caminhos s3:// não podem ser lidos aqui; execute o caderno',
  '{path} matches more than {most} objects; narrow the path':
    '{path} corresponde a mais de {most} objetos; restrinja o caminho',
  'reading the objects was cancelled': 'a leitura dos objetos foi cancelada',
  '{shownAs} broke off after {got} of {sizeBytes} bytes; run it again':
    '{shownAs} parou depois de {got} de {sizeBytes} bytes; execute de novo',
  '{shownAs} broke off: {reason}; run it again': '{shownAs} parou: {reason}; execute de novo',
  '{path} is no place of objects; its form is s3://bucket/key, with * for many':
    '{path} não é um lugar de objetos; a forma é s3://bucket/chave, com * para vários',
  'the connection {name} is of type {type}; an s3:// path needs one of type s3':
    'a conexão {name} é do tipo {type}; um caminho s3:// precisa de uma do tipo s3',
  'no object matches {path}, and no columns are declared; check the path, or declare them with columns: { name: type }':
    'nenhum objeto corresponde a {path}, e não há colunas declaradas; confira o caminho, ou declare-as com columns: { nome: tipo }',
  'pushed events cannot be read here; run the notebook on the server they come to':
    'eventos recebidos não podem ser lidos aqui; execute o caderno no servidor a que eles chegam',
  'a Spark address looks like sc://host:15002/;user_id=ana; write it so':
    'um endereço do Spark tem a forma sc://host:15002/;user_id=ana; escreva-o assim',
  'a token would travel in clear; leave use_ssl=false out of the Spark address':
    'um token viajaria sem criptografia; tire use_ssl=false do endereço do Spark',
  'a Spark address takes user_id, use_ssl and token, got {key}; leave that option out':
    'um endereço do Spark aceita user_id, use_ssl e token, veio {key}; tire essa opção',
  'the query in Spark was stopped': 'a consulta no Spark foi interrompida',
  'Spark at {shownAs} cannot be reached; see that its Connect server runs and that the address is right':
    'não é possível chegar ao Spark em {shownAs}; veja se o servidor Connect dele está no ar e se o endereço está certo',
  'Spark at {shownAs} refused the login; check user_id and token':
    'o Spark em {shownAs} recusou o login; confira user_id e token',
  'Spark at {shownAs} sent too much at once: {said}; select fewer columns':
    'o Spark em {shownAs} enviou demais de uma vez: {said}; selecione menos colunas',
  'the connection {asked} is of type {type}; kafka has topics':
    'a conexão {asked} é do tipo {type}; quem tem tópicos é kafka',
  'the metadata database does not answer; it is retried shortly':
    'o banco de metadados não responde; em instantes ele é consultado de novo',
  '{url} gave no access token (status {status}); check client_id, client_secret and scope':
    '{url} não deu um token de acesso (status {status}); confira client_id, client_secret e scope',
  '{shownAs} cannot be read: {reason}; {advice}': '{shownAs} não pode ser lido: {reason}; {advice}',
  'try again, or look at its log': 'tente de novo, ou veja o registro dele',
  'check user: and the secret of password:': 'confira user: e o segredo de password:',
  'check database:, or have its owner grant the right': 'confira database:, ou peça o direito a quem é dono dele',
  'check database:': 'confira database:',
  'check table:, it is database.table': 'confira table:, que tem a forma banco.tabela',
  'check table:, it is schema.table': 'confira table:, que tem a forma esquema.tabela',
  'have its owner grant the right': 'peça o direito a quem é dono dela',
  'check the names in query:': 'confira os nomes em query:',
  'check query:': 'confira query:',
  'check query: and the names in it': 'confira query: e os nomes nela',
  'check host: and port:': 'confira host: e port:',
  'set sslmode: disable if that is meant': 'escreva sslmode: disable se for essa a intenção',
  '{file} cannot be reached: {reason} ({status}); {advice}':
    'não é possível chegar a {file}: {reason} ({status}); {advice}',
  'check the bucket and the path': 'confira o bucket e o caminho',
  'check region: and endpoint:': 'confira region: e endpoint:',
  'check endpoint: and region:': 'confira endpoint: e region:',
  'overlap: {overlap} is not of seconds, minutes, hours, days or weeks; write it so':
    'overlap: {overlap} não está em segundos, minutos, horas, dias ou semanas; escreva-o assim',
  'the cursor is no time, so that rows which commit late could be lost; say with overlap: how far below the greatest number they may come':
    'o cursor não é um momento, e linhas confirmadas com atraso poderiam se perder; diga em overlap: a que distância abaixo do maior número elas podem vir',
  'this user may not see when transactions of others began, so that rows which commit late would be lost; grant it PROCESS, or say overlap: under incremental:':
    'este usuário não pode ver quando começaram as transações dos outros, e linhas confirmadas com atraso se perderiam; dê-lhe PROCESS, ou escreva overlap: em incremental:',
  '{url} answered {status}{message}; the address needs a login, so download the file and upload it':
    '{url} respondeu {status}{message}; o endereço exige login, então baixe o arquivo e envie-o',
  '{url} answered {status}{message}; check the address': '{url} respondeu {status}{message}; confira o endereço',
  '{url} answered {status}{message}': '{url} respondeu {status}{message}',
} as const;
