/** Words of mails that tables are sent by, and of what keeps them from being sent. */
export const mail = {
  '{table}: {rows} rows': '{table}: {rows} linhas',
  'The first {shown} of {rows} rows of {table}, as published at {at}.':
    'As primeiras {shown} de {rows} linhas de {table}, como publicadas em {at}.',
  'All {rows} rows of {table}, as published at {at}.': 'Todas as {rows} linhas de {table}, como publicadas em {at}.',
  '{table} has no rows, as published at {at}.': '{table} não tem linhas, como publicada em {at}.',
  'The whole table is attached as {file}.': 'A tabela inteira está anexada como {file}.',
  'The table is too large to be attached; open it in DataCraft.':
    'A tabela é grande demais para ser anexada; abra-a no DataCraft.',
  'Open in DataCraft': 'Abrir no DataCraft',
  'Sent by the notebook {notebook} after its run.': 'Enviado pelo caderno {notebook} depois da execução.',
  'no mail can be sent from here; run the notebook on the server, where connections and secrets are':
    'daqui não se envia e-mail; execute o caderno no servidor, onde estão as conexões e os segredos',
  'the connection {name} is of type {type}; mails need one of type smtp':
    'a conexão {name} é do tipo {type}; e-mails precisam de uma do tipo smtp',
  '{shown} did not take the message: {said}': '{shown} não aceitou a mensagem: {said}',
} as const;
