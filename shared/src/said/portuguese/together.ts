/** What is said of notebooks, branches, comments, versions, sharing and dashboards. */
export const together = {
  'there is nothing to accept: the notebook has these cells so already':
    'não há o que aceitar: o caderno já tem estas células assim',
  'there is nothing to take: the branch has these cells of its notebook so already':
    'não há o que trazer: o ramo já tem estas células do caderno assim',
  "{names}: both sides were changed in the same place; look at both and take the branch's side, or change the branch":
    '{names}: os dois lados mudaram no mesmo lugar; veja ambos e fique com o lado do ramo, ou mude o ramo',
  "{names}: both sides were changed in the same place; take the notebook's side or keep the branch's":
    '{names}: os dois lados mudaram no mesmo lugar; fique com o lado do caderno ou mantenha o do ramo',
  'neither the branch nor its notebook has a chart {cell}': 'nem o ramo nem o caderno dele tem um gráfico {cell}',
  'this notebook has {most} branches; discard one that is not needed any more':
    'este caderno tem {most} ramos; descarte um que já não faz falta',
  'there is no cell {cell} in this branch': 'não há célula {cell} neste ramo',
  'there is no branch {asked}; it may have been discarded': 'não há ramo {asked}; ele pode ter sido descartado',
  'several branches are called {asked}; give the id of one: {ids}':
    'vários ramos se chamam {asked}; dê o id de um: {ids}',
  '{id} is no branch of a notebook, or it was discarded': '{id} não é ramo de um caderno, ou foi descartado',
  'there is no branch {id}': 'não há ramo {id}',
  'there is no comment {id} of yours here; only its author changes one':
    'não há comentário {id} seu aqui; só quem o escreveu o muda',
  'there is no thread {id} in this notebook; load its comments again':
    'não há conversa {id} neste caderno; carregue os comentários de novo',
  'mentions: nobody with the id {id} may see this notebook; share it with them first':
    'menções: ninguém com o id {id} pode ver este caderno; compartilhe-o antes',
  'there is no version {id} of this notebook; load the history again':
    'não há versão {id} deste caderno; carregue o histórico de novo',
  'there is no notebook {id}; it may have been moved to the bin':
    'não há caderno {id}; ele pode ter ido para a lixeira',
  'the notebook {id} lies in the bin; restore it first': 'o caderno {id} está na lixeira; restaure-o antes',
  'there is no notebook {id} in the bin': 'não há caderno {id} na lixeira',
  'the change could not be stored; try again in a moment':
    'a mudança não pôde ser guardada; tente de novo em um instante',
  'broken sync frame: {how}': 'quadro de sincronização quebrado: {how}',
  'there is no cell {cell} in this notebook': 'não há célula {cell} neste caderno',
  'there is no input {name} in this notebook': 'não há entrada {name} neste caderno',
  'layout: there is no cell {cell} in this notebook': 'layout: não há célula {cell} neste caderno',
  'layout: {problem}': 'layout: {problem}',
  'this notebook is not published': 'este caderno não está publicado',
  'this dashboard is no longer shared; ask whoever sent you the link':
    'este painel não é mais compartilhado; peça a quem lhe enviou o link',
  'too many requests from this address; try again in a second':
    'há pedidos demais deste endereço; tente de novo em um segundo',
  'the version was not stored': 'a versão não foi guardada',
  'you hold no rows of this cell; hold them first': 'você não segura linhas desta célula; segure-as antes',
  'you hold the rows of {most} cells here; release one of them first':
    'você segura as linhas de {most} células aqui; solte uma delas antes',
  'there is no group {id}': 'não há grupo {id}',
  'there is a group {name} already; choose another name': 'já há um grupo {name}; escolha outro nome',
  'this link is over or was revoked; ask for a new one': 'este link venceu ou foi revogado; peça um novo',
  'this account is gone; sign in again': 'esta conta não existe mais; entre de novo',
  'e-mail or password is not correct; check both and try again':
    'o e-mail ou a senha não está correto; confira os dois e tente de novo',
  'there is no run {id}': 'não há execução {id}',
  'there is no table {table}': 'não há tabela {table}',
};
