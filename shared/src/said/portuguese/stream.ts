/** What is said of Kafka, of streams, of events that are pushed and of cells that are made from streams. */
export const stream = {
  'connection {connection} is of type {type}; a kafka source needs one of type kafka':
    'a conexão {connection} é do tipo {type}; uma fonte kafka precisa de uma do tipo kafka',
  'brokers: name at least one, such as [broker:9092]': 'brokers: indique pelo menos um, como [broker:9092]',
  'brokers: expected host:port, got {broker}': 'brokers: esperava host:porta, veio {broker}',
  'the topic {topic} cannot be read: {reason}; {advice}': 'o tópico {topic} não pode ser lido: {reason}; {advice}',
  'the broker of {connection} cannot be read: {reason}; {advice}':
    'o broker de {connection} não pode ser lido: {reason}; {advice}',
  'the broker refuses the login ({detail})': 'o broker recusa o login ({detail})',
  'look at the user, the password and the mechanism of the login': 'confira o usuário, a senha e o mecanismo do login',
  'look at its name, or make it on the broker': 'confira o nome, ou crie o tópico no broker',
  'the login may not read it': 'o login não tem permissão de leitura',
  'allow it on the broker, or log in as somebody else': 'dê a permissão no broker, ou entre com outro usuário',
  'no broker answers ({detail})': 'nenhum broker responde ({detail})',
  'see that it runs, and that brokers: has its address': 'veja se ele está no ar e se brokers: tem o endereço dele',
  'the certificate of the broker is signed by a CA that is not known here ({detail})':
    'o certificado do broker é assinado por uma CA que não se conhece aqui ({detail})',
  'give the CA: ca: of the connection, or of tls: in the cell': 'informe a CA: ca: da conexão, ou de tls: na célula',
  'the certificate of the broker is for another host ({detail})':
    'o certificado do broker é de outro servidor ({detail})',
  'write in brokers: the name that the certificate has, or have it made for this one':
    'escreva em brokers: o nome que está no certificado, ou peça um para este nome',
  'the certificate of the broker has expired': 'o certificado do broker venceu',
  'whoever runs the broker has to renew it': 'quem cuida do broker precisa renová-lo',
  'the broker wants a client certificate': 'o broker exige um certificado de cliente',
  'give certificate: and key: of the connection, or of tls: in the cell':
    'informe certificate: e key: da conexão, ou de tls: na célula',
  'the broker refuses the client certificate, or misses one ({detail})':
    'o broker recusa o certificado de cliente, ou sente falta de um ({detail})',
  'give a certificate: and its key: that a CA signed which the broker trusts':
    'informe um certificate: com sua key:, assinado por uma CA em que o broker confia',
  'the broker speaks no TLS at this port': 'o broker não fala TLS nesta porta',
  'name the port where it does in brokers:, or turn the encryption off':
    'informe em brokers: a porta em que ele fala, ou desligue a criptografia',
  '{key}: this is a private key; store it as a secret, and name that as key:':
    '{key}: isto é uma chave privada; guarde-a como segredo e cite o segredo em key:',
  '{key}: this is no certificate in PEM, a text that begins with -----BEGIN CERTIFICATE-----; give the whole file':
    '{key}: isto não é um certificado em PEM, um texto que começa com -----BEGIN CERTIFICATE-----; informe o arquivo inteiro',
  '{key}: the certificate of {subject} expired on {date}; ask whoever gave it for a new one':
    '{key}: o certificado de {subject} venceu em {date}; peça um novo a quem o emitiu',
  '{key}: the certificate of {subject} begins to hold on {date}; look at the clock, or ask for another one':
    '{key}: o certificado de {subject} só vale a partir de {date}; confira o relógio, ou peça outro',
  'key: this is no private key in PEM, a text that begins with -----BEGIN PRIVATE KEY-----; give the whole file':
    'key: isto não é uma chave privada em PEM, um texto que começa com -----BEGIN PRIVATE KEY-----; informe o arquivo inteiro',
  'key: it is locked with a password; open it by `openssl pkey -in key.pem -out open.pem`, and store that':
    'key: ela está trancada com senha; abra-a com `openssl pkey -in key.pem -out open.pem` e guarde o resultado',
  'key: this private key cannot be read; give the whole file, as it was made':
    'key: não dá para ler esta chave privada; informe o arquivo inteiro, como foi gerado',
  'key: it does not belong to the certificate of {subject}; give the two that were made together':
    'key: ela não é do certificado de {subject}; informe os dois que foram gerados juntos',
  'key: it needs its certificate; give certificate: too, or leave both out':
    'key: falta o certificado dela; informe certificate: também, ou deixe os dois de fora',
  'certificate: it needs its private key; store that as a secret and give key: too, or leave both out':
    'certificate: falta a chave privada dele; guarde-a como segredo e informe key: também, ou deixe os dois de fora',
  'store the private key in Sources and write secret://name':
    'guarde a chave privada em Fontes e escreva secret://nome',
  'look at brokers:, topic: and the login': 'confira brokers:, topic: e o login',
  '{topic} was read further than its table holds; it is read again from there':
    '{topic} foi lido além do que a tabela tem; a leitura recomeça do ponto em que a tabela está',
  'message {offset} of partition {partition} of {topic} is {reason}; mend the producer, or set rejects: table to set such messages aside':
    'a mensagem {offset} da partição {partition} de {topic} não serve: {reason}; corrija quem a produz, ou escreva rejects: table para separar tais mensagens',
  'partition {partition} of {topic} was read up to {offset}, but {why}; nothing was read: run the cell with a full refresh to begin at start:':
    'a partição {partition} de {topic} foi lida até {offset}, mas {why}; nada foi lido: execute a célula com uma atualização completa para começar em start:',
  'no topic matches {pattern}; mend topic_pattern:, or make a topic that it matches':
    'nenhum tópico corresponde a {pattern}; corrija topic_pattern:, ou crie um tópico que corresponda',
  '{pattern} matches {count} topics; a source reads at most {most}: narrow topic_pattern:':
    '{count} tópicos correspondem a {pattern}; uma fonte lê no máximo {most}: restrinja topic_pattern:',
  'the topic {topic} was read up to {offset}, but it was deleted; nothing was read: run the cell with a full refresh to begin without it':
    'o tópico {topic} foi lido até {offset}, mas foi apagado; nada foi lido: execute a célula com uma atualização completa para começar sem ele',
  'there is no such topic': 'não existe tal tópico',
  'topic_pattern: {pattern} cannot be matched with {count} topics in half a second; write a simpler one':
    'topic_pattern: não foi possível comparar {pattern} com {count} tópicos em meio segundo; escreva um mais simples',
  'it was made anew': 'foi criada de novo',
  'messages {from} to {to} are deleted': 'as mensagens de {from} a {to} foram apagadas',
  'start: expected earliest, latest, a time or { partition: offset }, got {start}':
    'start: esperava earliest, latest, um momento ou { partição: posição }, veio {start}',
  'the topic has no partition {partition}': 'o tópico não tem a partição {partition}',
  'partition {partition} holds {low} to {last}, and the next will be {high}; got {given}':
    'a partição {partition} tem de {low} a {last}, e a próxima será {high}; veio {given}',
  'format: csv needs columns: { name: type }, in the order of the values of a message':
    'format: csv precisa de columns: { nome: tipo }, na ordem dos valores de uma mensagem',
  'format: expected json, avro, protobuf, csv or raw, got {name}':
    'format: esperava json, avro, protobuf, csv ou raw, veio {name}',
  'format: the Avro schema cannot be read: {reason}': 'format: o esquema Avro não pode ser lido: {reason}',
  'format: the .proto text cannot be read: {reason}': 'format: o texto .proto não pode ser lido: {reason}',
  'format: say where the schemas are: { avro: { registry: https://… } }, { avro: { schema: "…" } }, or a registry in the connection':
    'format: diga onde estão os esquemas: { avro: { registry: https://… } }, { avro: { schema: "…" } }, ou um registro na conexão',
  'Avro has no field called "{name}": name it of letters, digits and _ (select … as name), or send it as json':
    'Avro não aceita um campo chamado "{name}": use só letras, dígitos e _ no nome (select … as nome), ou envie como json',
  'the schema registry {host} refused the schema of {subject} (status {status}){words}; change the columns so that they fit, or what the subject allows':
    'o registro de esquemas {host} recusou o esquema de {subject} (status {status}){words}; mude as colunas para que sejam compatíveis, ou o que o assunto permite',
  'the schema registry {host} gave {what}; check registry, username and password of format:':
    'o registro de esquemas {host} respondeu com {what}; confira registry, username e password de format:',
  'status {status}': 'status {status}',
  'an answer of over 8 MB': 'mais de 8 MB',
  'no JSON': 'algo que não é JSON',
  'the topic {topic} cannot be written: {words}': 'não é possível gravar no tópico {topic}: {words}',
  'another sending of the same table took over; what this one had begun is undone':
    'outro envio da mesma tabela assumiu; o que este tinha começado foi desfeito',
  'a row is larger than the topic allows; raise max.message.bytes there, or send fewer columns':
    'uma linha é maior do que o tópico permite; aumente max.message.bytes nele, ou envie menos colunas',
  'the login may not write to it, or to datacraft_exports, where is kept what was sent':
    'o login não pode gravar nele, ou em datacraft_exports, onde fica anotado o que foi enviado',
  'the login may not use transactional ids that begin with datacraft-':
    'o login não pode usar ids de transação que começam com datacraft-',
  'its transactions must be shorter; set transaction.max.timeout.ms to 600000 or more':
    'o broker só aceita transações mais curtas; ajuste transaction.max.timeout.ms para 600000 ou mais',
  '{cell} makes no table; mend it, then ask again': '{cell} não faz tabela; corrija-a e peça de novo',
  '{cell} is no source without errors; mend it, then start the stream anew':
    '{cell} não é uma fonte sem erros; corrija-a e inicie o fluxo de novo',
  'what moving the stream comes to has changed meanwhile; look again, then confirm that':
    'o efeito de mover o fluxo mudou nesse meio-tempo; veja outra vez e confirme o de agora',
  '{cell} has read nothing yet: set start: in the cell to begin somewhere else':
    '{cell} ainda não leu nada: escreva start: na célula para começar em outro ponto',
  '{cell} reads something else now than its table holds; start the stream anew first':
    '{cell} agora lê algo diferente do que a tabela tem; antes, inicie o fluxo de novo',
  'a source of type {type} has no places to move to; kafka and webhook have':
    'em uma fonte do tipo {type} não há posições para onde mover; em kafka e webhook há',
  '{table} has no rows there; take a window with rows': '{table} não tem linhas aí; escolha uma janela com linhas',
  'these are {rows} rows, and a fixture holds {most} at most; take a smaller window':
    'são {rows} linhas, e uma amostra fixa guarda no máximo {most}; escolha uma janela menor',
  'this notebook publishes no table {table}': 'este caderno não publica a tabela {table}',
  'a block of the file ends within a record; write it again':
    'um bloco do arquivo termina no meio de um registro; grave-o de novo',
  '--key names {key}, which is no field of the schema': '--key indica {key}, que não é campo do esquema',
  'line {number} is no JSON: {reason}': 'a linha {number} não é JSON: {reason}',
  'the Avro schema cannot be read: {reason}': 'o esquema Avro não pode ser lido: {reason}',
  'the file does not fit the schema: {reason}': 'o arquivo não corresponde ao esquema: {reason}',
  '{path} is neither .avro nor .ndjson; write it as one of these':
    '{path} não é .avro nem .ndjson; grave-o em um desses formatos',
  'pushed events lie in partition 0': 'os eventos recebidos ficam na partição 0',
  'the stream {name} has no event time': 'o fluxo {name} não tem horário do evento',
  '{name} has read nothing yet: start its stream or run it, then {cell} is made':
    '{name} ainda não leu nada: inicie o fluxo dela ou execute-a, e então {cell} é feita',
  '{cell} has no column {name}: its rows have no event time':
    '{cell} não tem a coluna {name}: as linhas dela ficam sem horário do evento',
  '{name} of {cell} is {type}, not a time: say `columns: { {name}: timestamp }` in the source, or cast it':
    '{name} de {cell} é {type}, não um momento: escreva `columns: { {name}: timestamp }` na fonte, ou converta-a com cast',
  'the notebook has no source {cell} with the table {table} any more; give the cell its name and layer back':
    'o caderno não tem mais a fonte {cell} com a tabela {table}; devolva à célula o nome e a camada',
  '{name} has errors; mend them, then ask again': '{name} tem erros; corrija-os e peça de novo',
  'a source of type {type} keeps no messages; run the notebook instead':
    'uma fonte do tipo {type} não guarda mensagens; em vez disso, execute o caderno',
  '{name} does not say rejects: table, so that what breaks again would have no place; set it, then ask again':
    '{name} não tem rejects: table, e o que falhasse de novo não teria onde ficar; escreva-o e peça de novo',
  'a request takes at most {most} events, got {got}; send them in parts':
    'um pedido leva no máximo {most} eventos, vieram {got}; envie-os em partes',
  'no event was accepted: {reason}': 'nenhum evento foi aceito: {reason}',
  'none can be read': 'nenhum pode ser lido',
  'it is not JSON': 'não é JSON',
  'it has no {key}, the key of this source': 'não tem {key}, a chave desta fonte',
  'expected an event as JSON, a list of them, or one a line; got nothing':
    'esperava um evento em JSON, uma lista deles, ou um por linha; não veio nada',
  '{count} notebooks have a webhook cell {name}; rename all but one, or run the one that is meant':
    '{count} cadernos têm uma célula webhook {name}; renomeie todas menos uma, ou execute o caderno desejado',
  'no notebook has a source of type webhook called {asked}{meant}':
    'nenhum caderno tem uma fonte do tipo webhook chamada {asked}{meant}',
  '; did you mean {near}?': '; quis dizer {near}?',
};
