/** What is said of tables that are sent elsewhere. */
export const target = {
  'the worker stops; another one sends what is left': 'o executor está parando; outro envia o que falta',
  'run {runId} was deleted with its notebook': 'a execução {runId} foi apagada com o caderno',
  'export.key names {unknown}, which is no column': 'export.key nomeia {unknown}, que não é uma coluna',
  'export.{option} names {unknown}, which is no column': 'export.{option} nomeia {unknown}, que não é uma coluna',
  'mode: {mode} finds rows by their key; write key: [column], or unique_key of the cell':
    'mode: {mode} acha as linhas pela chave; escreva key: [coluna], ou unique_key na célula',
  '{name} has nothing published that could be sent; run it': '{name} não tem nada publicado para enviar; execute-a',
  '{table} is not published; run its cell': '{table} não está publicada; execute a célula dela',
  '{table} has no snapshot {snapshotId} any more, so that what is new since it cannot be told; export it to another place':
    '{table} não tem mais a versão {snapshotId}, e sem ela não se sabe o que é novo desde então; envie a tabela a outro lugar',
  'nothing may be sent from here: connections and secrets are of the server':
    'daqui não se envia nada: as conexões e os segredos são do servidor',
  '{url} answered {status} to batch {batch}; the next run sends all again, under the same keys':
    '{url} respondeu {status} ao lote {batch}; a próxima execução envia tudo de novo, com as mesmas chaves',
  'mode: {mode} finds rows by {key}, but {what}; mend the cell':
    'mode: {mode} acha as linhas por {key}, mas {what}; corrija a célula',
  'rows have no key': 'há linhas sem chave',
  'rows share the key {key}': 'há linhas com a mesma chave {key}',
  '{table} is filled from {source}; export {own} to another table':
    '{table} é preenchida a partir de {source}; envie {own} a outra tabela',
  '{path} would be larger than 1 GiB; export fewer rows, or use format: parquet':
    '{path} passaria de 1 GiB; envie menos linhas, ou use format: parquet',
  '{table} is published, but was not sent to {places}. What is already there stays; mend the cause and send it again, alone or with the next run':
    '{table} está publicada, mas não foi enviada a {places}. O que já está lá fica; corrija a causa e envie de novo, só isso ou com a próxima execução',
} as const;
