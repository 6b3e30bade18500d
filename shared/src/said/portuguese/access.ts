/** What is said of accounts, rights, secrets and requests. */
export const access = {
  'the current password is not correct; type it again': 'a senha atual não está correta; digite-a de novo',
  'there is an account with this e-mail already; sign in instead': 'já há uma conta com este e-mail; entre com ela',
  'there is no user {userId}': 'não há usuário {userId}',
  'this invitation is not valid for this e-mail: it was used, revoked, is over, or was sent to another address; ask for a new one':
    'este convite não vale para este e-mail: foi usado, revogado, venceu, ou foi enviado a outro endereço; peça um novo',
  'this is the last owner of the workspace; make somebody else owner first':
    'esta é a última pessoa dona do workspace; torne outra pessoa dona antes',
  'this workspace has an owner already; ask for an invitation and sign up with its link':
    'este workspace já tem dono; peça um convite e cadastre-se pelo link dele',
  'you have no token with this id': 'você não tem um token com este id',
  'too many failed attempts; try again in {seconds} seconds':
    'houve tentativas demais sem acerto; tente de novo em {seconds} segundos',
  'only an owner may invite an {role}; your role is {own}': 'só quem é dono convida um {role}; o seu papel é {own}',
  'there is no open invitation with this id': 'não há convite aberto com este id',
  'this invitation was used, revoked or is over; ask for a new one':
    'este convite foi usado, revogado ou venceu; peça um novo',
  'this person has an account already; change the role under people instead':
    'esta pessoa já tem uma conta; mude o papel dela em pessoas',
  'there is no link {id}; it may have been revoked already': 'não há link {id}; pode já ter sido revogado',
  'password: expected {MIN_LENGTH} to {MAX_LENGTH} characters, got {length}':
    'senha: esperava de {MIN_LENGTH} a {MAX_LENGTH} caracteres, vieram {length}',
  'there is no notebook {notebookId}, or it is not shared with you; ask its owner':
    'não há caderno {notebookId}, ou ele não foi compartilhado com você; peça a quem é dono dele',
  'sign in first: no valid session or API token came with the request':
    'entre antes: o pedido veio sem sessão válida e sem token de API',
  'this needs the role {needed} or higher; yours is {role}. Ask an owner of the workspace':
    'isto precisa do papel {needed} ou maior; o seu é {role}. Peça a quem é dono do workspace',
  'too much of your work waits already; try again when some of it is done':
    'já há trabalho seu demais esperando; tente de novo quando parte dele acabar',
  'this API token is not valid: it was revoked or mistyped':
    'este token de API não é válido: foi revogado ou digitado errado',
  'this request is larger than {limit}: send fewer rows at a time, or score them in a notebook':
    'este pedido é maior que {limit}: envie menos linhas por vez, ou pontue-as em um caderno',
  'this request is larger than {limit}; send files to /api/v1/files':
    'este pedido é maior que {limit}; envie arquivos a /api/v1/files',
  'this server is not known as "{shown}"; open it by its address or as localhost, or start it with DATACRAFT_URL set to the address people use':
    'este servidor não se chama "{shown}"; abra-o pelo endereço dele ou como localhost, ou inicie-o com DATACRAFT_URL no endereço que as pessoas usam',
  'a branch has no schedules, triggers, backfills, links or published dashboards of its own; merge it into its notebook first':
    'um ramo não tem agendamentos, gatilhos, recargas, links nem painéis publicados próprios; junte-o antes ao caderno dele',
  'a token with limits makes and changes no tokens: sign in, or use a token without limits':
    'um token com limites não cria nem muda tokens: entre na sua conta, ou use um token sem limites',
  'a branch is not moved to the bin: discard it, its tables go with it':
    'um ramo não vai para a lixeira: descarte-o, e as tabelas vão com ele',
  'the address has a part that is no text: {part}': 'o endereço tem uma parte que não é texto: {part}',
  'this request came from another site; open DataCraft itself, or use an API token':
    'este pedido veio de outro site; abra o próprio DataCraft, ou use um token de API',
  'the secret {name} was stored with another key; give DATACRAFT_SECRET_KEY (or secret.key) of then, or set the secret anew':
    'o segredo {name} foi guardado com outra chave; dê a DATACRAFT_SECRET_KEY (ou secret.key) de então, ou grave o segredo de novo',
  'there is no connection {name}; make it in Sources, or correct connection:':
    'não há conexão {name}; crie-a em Fontes, ou corrija connection:',
  'secret://{name} has no such field; name one of its fields behind #':
    'secret://{name} não tem esse campo; escreva um dos campos dele depois de #',
  '{name}: expected a value because {because} is set, got none':
    '{name}: esperava um valor porque {because} está definido, não veio nenhum',
  '{name}: expected an address such as https://vault:8200, got "{address}"':
    '{name}: esperava um endereço como https://vault:8200, veio "{address}"',
  '{who} {what} ({name}, status {status}); check the name and {check}':
    '{who} {what} ({name}, status {status}); confira o nome e {check}',
  '{who} did not give {name} (status {status}): it is sealed, or not well now; unseal it or wait, then try again':
    '{who} não deu {name} (status {status}): está selado, ou não está bem agora; desfaça o selo ou espere, e tente de novo',
  'has no such secret, or may not say so': 'não tem esse segredo, ou não pode dizer',
  'did not give it': 'não o deu',
  'a secret is named with letters, digits, _, . and -, got "{name}"':
    'um segredo tem nome de letras, algarismos, _, . e -, veio "{name}"',
  'hosts: expected names such as api.example.com or *.example.com, got "{wrong}"':
    'hosts: esperava nomes como api.example.com ou *.example.com, veio "{wrong}"',
  'secret://{name} cannot be asked for here; have the operator set {set}':
    'secret://{name} não pode ser pedido aqui; peça a quem opera o servidor que defina {set}',
  'the secret {name} is not sent to {refused}: {may}. Have an owner name the host at the secret, or store its value again with it':
    'o segredo {name} não é enviado a {refused}: {may}. Peça a quem é dono que ponha o host no segredo, ou que guarde o valor de novo com ele',
  'an unknown host': 'um host desconhecido',
  'it names no hosts': 'ele não nomeia hosts',
  'it is for {hosts}': 'ele é para {hosts}',
  'there is no secret {name}; set it in Settings, by `datacraft secret set {name}`, or as {variable}':
    'não há segredo {name}; grave-o em Ajustes, por `datacraft secret set {name}`, ou como {variable}',
};
