/** What is said of published tables, their snapshots, tags and files. */
export const table = {
  "expected Avro codec null or deflate, got {codec}; rewrite the table's manifests with deflate":
    'esperava o codec Avro null ou deflate, veio {codec}; regrave os manifestos da tabela com deflate',
  '{table} was changed from outside while it was published; run it again':
    '{table} foi mudada por fora enquanto era publicada; execute de novo',
  '{table} would have two columns named "{name}"; give one of them another name with AS':
    '{table} teria duas colunas chamadas "{name}"; dê outro nome a uma delas com AS',
  '{table} would have no columns; select at least one': '{table} ficaria sem colunas; selecione pelo menos uma',
  'column "{name}" is {type} now, but {table} holds {held}; cast it in the SELECT, or run the cell with a full refresh':
    'a coluna "{name}" agora é {type}, mas {table} tem {held}; converta-a no SELECT, ou execute a célula com uma atualização completa',
  '{table} has no tag {tag}; it has none': '{table} não tem a etiqueta {tag}; não tem nenhuma',
  '{table} has no tag {tag}; it has {names}': '{table} não tem a etiqueta {tag}; tem {names}',
  '{table} has no snapshot {snapshotId}; ask for one of its snapshots':
    '{table} não tem a versão {snapshotId}; peça uma das que ela tem',
  'no state of {table} at {at} is kept; its first is of {first}':
    'nenhum estado de {table} em {at} foi guardado; o primeiro é de {first}',
  never: 'nunca',
  'the table has delete files, written by another engine; let that engine compact it first':
    'a tabela tem arquivos de exclusão, gravados por outro motor; compacte-a antes com esse motor',
  'the columns of {table} were changed by another run while this one was writing; run it again':
    'as colunas de {table} foram mudadas por outra execução enquanto esta gravava; execute de novo',
  'expected Iceberg format version 2, got {version} in {location}':
    'esperava a versão 2 do formato Iceberg, veio {version} em {location}',
  'days expects a number above 0, got {days}': 'days espera um número acima de 0, veio {days}',
  'snapshots expects a whole number of at least 1, got {snapshots}':
    'snapshots espera um número inteiro a partir de 1, veio {snapshots}',
  'a tag is made of letters, digits, ".", "_" and "-", at most 63, beginning with a letter, and not main; got "{name}"':
    'uma etiqueta é feita de letras, algarismos, ".", "_" e "-", no máximo 63, começa com letra e não é main; veio "{name}"',
  '{name} is a branch of this table; choose another name for the tag':
    '{name} é um ramo desta tabela; escolha outro nome para a etiqueta',
  'the table has no snapshot {snapshotId} any more; ask for one of its snapshots':
    'a tabela não tem mais a versão {snapshotId}; peça uma das que ela tem',
  'the table has no tag {name}': 'a tabela não tem a etiqueta {name}',
  'no space left for the warehouse; free some or remove old tables, then run again':
    'não há espaço para as tabelas; libere espaço ou remova tabelas velhas, e execute de novo',
  'a file of the warehouse is missing: {name}; restore it from a backup':
    'falta um arquivo das tabelas: {name}; restaure-o de uma cópia de segurança',
  'a file of the warehouse would be written twice: {name}': 'um arquivo das tabelas seria gravado duas vezes: {name}',
  'the warehouse could not be read or written at {name}': 'não foi possível ler ou gravar as tabelas em {name}',
  'the lake can be a directory, got {scheme}…; object stores are not supported yet, give a path':
    'o lake pode ser uma pasta, veio {scheme}…; armazenamento de objetos ainda não é possível, dê um caminho',
  'expected a file:/// URL, got {url}; object stores are not supported yet':
    'esperava uma URL file:///, veio {url}; armazenamento de objetos ainda não é possível',
  'another maintenance of this warehouse is under way; it ends by itself':
    'outra manutenção destas tabelas está em andamento; ela termina sozinha',
  'replace_interval needs time_column to name a column of the cell, got {time}':
    'replace_interval precisa que time_column nomeie uma coluna da célula, veio {time}',
  nothing: 'nada',
  'expected a date such as 2024-01-31, got {start}': 'esperava uma data como 2024-01-31, veio {start}',
  'expected one of {units}, got {text}': 'esperava um destes: {units}; veio {text}',
  'expected how many intervals, such as 2, or a length of time such as 36 hours, got {lookback}':
    'esperava quantos intervalos, como 2, ou um tempo como 36 hours, veio {lookback}',
  'there are more than {most} intervals since then; take a longer interval':
    'há mais de {most} intervalos desde então; escolha um intervalo maior',
  'expected a date or a timestamp, got a column of type {type}':
    'esperava uma data ou timestamp, veio uma coluna do tipo {type}',
  'strategy merge needs unique_key: name the columns that tell one row from another':
    'a estratégia merge precisa de unique_key: nomeie as colunas que distinguem as linhas',
  '{name} was changed by another run while this one added to it; run it again':
    '{name} foi mudada por outra execução enquanto esta acrescentava linhas; execute de novo',
  'there is no table {table} to take back': 'não há tabela {table} para voltar atrás',
  'key: {table} has no column {name} in both states; it has {names}':
    'key: {table} não tem a coluna {name} nos dois estados; tem {names}',
  'there is no letter {letter} any more: it was read again and has landed':
    'não há mais a mensagem {letter}: ela foi lida de novo e entrou na tabela',
  'there is no lineage of {table}: run the notebook that makes it once':
    'não há linhagem de {table}: execute uma vez o caderno que a faz',
  '{table} has no column {column}': '{table} não tem a coluna {column}',
  '{table} was made by a file; describe it in that file and run it again':
    '{table} foi feita por um arquivo; descreva-a nesse arquivo e execute de novo',
  'cell {cell} is no sql or transform cell; only those hold descriptions':
    'a célula {cell} não é de SQL nem de transformação; só essas guardam descrições',
  '{table} was changed by another run while this one merged into it; run it again':
    '{table} foi mudada por outra execução enquanto esta mesclava linhas; execute de novo',
  "the table's metadata file {file} is damaged; restore the lake's folder from a backup":
    'o arquivo de metadados {file} da tabela está danificado; restaure a pasta do lake de uma cópia de segurança',
  'partition_by names {column}, which is no column; its columns are {names}':
    'partition_by nomeia {column}, que não é uma coluna; as colunas são {names}',
  '{kind} of {column} ({type}) cannot partition; it takes {kinds}':
    '{kind} de {column} ({type}) não serve para particionar; aceita {kinds}',
  'the tag {tag}': 'a etiqueta {tag}',
  'a snapshot {id}': 'a versão {id}',
} as const;
