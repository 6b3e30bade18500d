/** What is said of requests: uploads, imports, schedules, triggers, backfills, runs and saved queries. */
export const request = {
  'the body is not JSON; NaN and Infinity are not either: send null for what is missing':
    'o corpo não é JSON; NaN e Infinity também não são: envie null para o que falta',
  'there is nothing at {path}': 'não há nada em {path}',
  '{field}: {message}': '{field}: {message}',
  '{key}: {message}': '{key}: {message}',
  'expected userId or groupId': 'esperava userId ou groupId',
  'expected the name of a connection': 'esperava o nome de uma conexão',
  'expected the name of a topic': 'esperava o nome de um tópico',
  'expected a number, champion or challenger': 'esperava um número, champion ou challenger',
  'give a snapshot id this long as text': 'escreva como texto um id de versão tão longo',
  'expected letters, digits, _, . and -': 'esperava letras, algarismos, _, . e -',
  'expected a name such as shop_db: lower-case letters, digits and _':
    'esperava um nome como shop_db: letras minúsculas, algarismos e _',
  'expected a stored secret, as secret://name': 'esperava um segredo guardado, como secret://nome',
  'a URL with a password in it belongs into a secret': 'uma URL com senha deve ficar em um segredo',
  'expected brokers as host:port, with commas between': 'esperava brokers como host:porta, separados por vírgulas',
  'a name is a-z, 0-9 and _, and begins with a letter': 'um nome tem a-z, 0-9 e _, e começa com uma letra',
  'expected hexadecimal digits': 'esperava algarismos hexadecimais',
  'write something': 'escreva algo',
  'a thread on text has an anchor, others have none': 'uma conversa sobre um texto tem âncora, as outras não',
  'expected an offset': 'esperava uma posição',
  'expected an e-mail address': 'esperava um endereço de e-mail',
  'expected the id of a letter': 'esperava o id de uma mensagem separada',
  'expected an address that begins with https://': 'esperava um endereço que começa com https://',
  'expected an address such as ana@example.com': 'esperava um endereço como ana@example.com',
  'not as expected': 'não é o esperado',
  'that makes more than {most} windows; take a shorter range or a longer `every`':
    'isso dá mais de {most} janelas; escolha um período mais curto ou um `every` maior',
  '`{cell}` cannot be filled newest first: {why}; take oldest_first':
    '`{cell}` não pode ser recarregada da mais nova para a mais antiga: {why}; use oldest_first',
  'it adds to the history that is there': 'ela acrescenta à história que já existe',
  'each window makes it whole, so the oldest would stay': 'cada janela a faz inteira, e ficaria a mais antiga',
  'it merges without sequence_by, so older rows would replace newer ones':
    'ela mescla sem sequence_by, e linhas mais antigas tomariam o lugar das mais novas',
  'it looks at earlier rows of {filled}, which are not there yet':
    'ela olha linhas anteriores de {filled}, que ainda não existem',
  'the range is empty: `to` must be after `from`': 'o período está vazio: `to` tem de vir depois de `from`',
  '`{field}` is no date: expected 2026-01-31 or an instant':
    '`{field}` não é uma data: esperava 2026-01-31 ou um instante',
  'this notebook has no model {model} yet: run it, or correct the trigger':
    'este caderno ainda não tem o modelo {model}: execute-o, ou corrija o gatilho',
  'this notebook has no published version to run; publish it, or set its schedule, first':
    'este caderno não tem versão publicada para executar; antes, publique-o ou dê-lhe um agendamento',
  'there is no such published version; publish the notebook first':
    'não há essa versão publicada; publique antes o caderno',
  'there is no backfill {id}': 'não há recarga {id}',
  'this backfill has ended; start another one': 'esta recarga terminou; inicie outra',
  'send one JSON object, with its fields by name': 'envie um só objeto JSON, com os campos por nome',
  'there is no cell {cellId} in this notebook; it may have been deleted':
    'não há célula {cellId} neste caderno; ela pode ter sido apagada',
  'this cell sets no rows aside': 'esta célula não separa linhas',
  'there is no connection {name}': 'não há conexão {name}',
  'there is no secret {name}': 'não há segredo {name}',
  'expected a multipart body with a field "file", got no body':
    'esperava um corpo multipart com um campo "file", não veio corpo',
  'one file at a time; send the others in requests of their own':
    'um arquivo por vez; envie os outros em pedidos separados',
  'expected a field "file" with a file name, got none': 'esperava um campo "file" com nome de arquivo, não veio nenhum',
  'field {name} is too long': 'o campo {name} é longo demais',
  'expected a multipart body with fields "file", got no body':
    'esperava um corpo multipart com campos "file", não veio corpo',
  'two files are called {filename}': 'dois arquivos se chamam {filename}',
  'more than {most} files; pack them into one ZIP archive': 'são mais de {most} arquivos; junte-os em um arquivo ZIP',
  'more than 64 MB; upload large data by dropping it into a notebook':
    'são mais de 64 MB; envie dados grandes soltando o arquivo em um caderno',
  'expected fields "file" with file names, got none': 'esperava campos "file" com nomes de arquivo, não veio nenhum',
  'expected multipart/form-data with a boundary, got {contentType}':
    'esperava multipart/form-data com um boundary, veio {contentType}',
  'no content type': 'nenhum tipo de conteúdo',
  'broken multipart body: a boundary is followed by something else than a line end':
    'corpo multipart quebrado: depois de um boundary não vem um fim de linha',
  'broken multipart body: the headers of a part are too long':
    'corpo multipart quebrado: os cabeçalhos de uma parte são longos demais',
  'broken multipart body: a part has no name': 'corpo multipart quebrado: uma parte não tem nome',
  'the upload broke off before its end; nothing was kept, send it again':
    'o envio parou antes do fim; nada foi guardado, envie de novo',
  'this run was started from the command line; run its file again there':
    'esta execução foi iniciada pela linha de comando; execute lá o arquivo de novo',
  'nothing of this run failed; run all of it': 'nada desta execução falhou; execute-a inteira',
  'all that this run sends was sent, or is on its way': 'tudo o que esta execução envia já foi, ou está a caminho',
  'there is no such saved query': 'não há essa consulta salva',
  'only its author and editors may change a saved query; save it under another name':
    'só quem a escreveu e editores mudam uma consulta salva; salve-a com outro nome',
  'this schedule is never due; correct its day and month': 'este agendamento nunca vence; corrija o dia e o mês',
  'no published version of this notebook has a schedule; set one first':
    'nenhuma versão publicada deste caderno tem agendamento; crie um antes',
  'there is no stream {id}': 'não há fluxo {id}',
  'this notebook has no source called {cell}': 'este caderno não tem uma fonte chamada {cell}',
  'a source of type {type} has an end; webhook, kafka and simulator can be live':
    'uma fonte do tipo {type} tem fim; ao vivo podem ficar webhook, kafka e simulator',
  '{cell} has errors; mend them, then start the stream': '{cell} tem erros; corrija-os, e depois inicie o fluxo',
  'what was set aside is being read again already; wait until that is done':
    'o que foi separado já está sendo lido de novo; espere terminar',
  'this was done already; nothing was written twice': 'isto já foi feito; nada foi gravado duas vezes',
  'the stream is live; pause it, then move it': 'o fluxo está ao vivo; pause-o, e depois mova-o',
  'the stream was read on meanwhile; look again, then confirm that':
    'o fluxo avançou nesse meio-tempo; veja outra vez e confirme o de agora',
  'stream {streamId} was paused, started anew or taken over; this runner stops without publishing':
    'o fluxo {streamId} foi pausado, reiniciado ou assumido por outro; este executor para sem publicar',
  'run {runId} was taken over by another worker; this one stops without publishing':
    'a execução {runId} foi assumida por outro executor; este para sem publicar',
  'there is no trigger {id}': 'não há gatilho {id}',
  'no webhook has this token; it may have been removed': 'nenhum webhook tem este token; ele pode ter sido removido',
  'a trigger of kind {kind} needs `{missing}`': 'um gatilho do tipo {kind} precisa de `{missing}`',
  'the file is larger than {mb} MB; raise DATACRAFT_MAX_UPLOAD_MB or read it from a folder':
    'o arquivo passa de {mb} MB; aumente DATACRAFT_MAX_UPLOAD_MB ou leia-o de uma pasta',
  'the file is empty (0 bytes); choose one with content': 'o arquivo está vazio (0 bytes); escolha um com conteúdo',
  'the disk is full; the upload was not kept. Free some space and send it again':
    'o disco está cheio; o envio não foi guardado. Libere espaço e envie de novo',
  'expected an empty document to write the notebook into: import it as a new notebook':
    'esperava um documento vazio onde gravar o caderno: importe-o como um caderno novo',
  'the request cannot be read': 'o pedido não pode ser lido',
  'a text holds a character that cannot be stored, such as NUL':
    'um texto contém um caractere que não pode ser guardado, como NUL',
  'the database does not answer; try again in a moment': 'o banco de dados não responde; tente de novo em um instante',
  'something went wrong on our side; it was logged with this request id':
    'algo deu errado do nosso lado; foi registrado com o id deste pedido',
} as const;
