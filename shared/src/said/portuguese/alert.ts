/** What is said of alerts: their rules, channels, silences, what fires, and the messages about it. */
export const alert = {
  'there is a channel {name} already; give this one another name': 'já há um canal {name}; dê outro nome a este',
  'there is no channel {id}': 'não há canal {id}',
  'the other side answered {status}: {said}': 'o outro lado respondeu {status}: {said}',
  'the query gives more than {most} rows: keep the latest, in the order of time':
    'a consulta dá mais de {most} linhas: fique com as últimas, em ordem de tempo',
  'the last column of the query is no number: select a time and a number':
    'a última coluna da consulta não é um número: selecione um momento e um número',
  'a band needs {needed} values and the query gives {given}: let it give more of the past, or name a shorter `period`':
    'uma faixa precisa de {needed} valores e a consulta dá {given}: traga mais do passado, ou escreva um `period` mais curto',
  'there is no metric {metric}; /metrics lists them': 'não há métrica {metric}; /metrics lista todas',
  'whoever wrote this rule has no account any more; save it again to give it your rights':
    'quem escreveu esta regra não tem mais conta; salve-a de novo para que ela use os seus direitos',
  'there is no alert rule {id}': 'não há regra de alerta {id}',
  'a rule of kind {kind} needs `{missing}`': 'uma regra do tipo {kind} precisa de `{missing}`',
  'a rule of kind {kind} does not take `{extra}`': 'uma regra do tipo {kind} não aceita `{extra}`',
  'a rule of kind deviation takes either `sql` or `metric`':
    'uma regra do tipo deviation aceita `sql` ou `metric`, um dos dois',
  'there is no open incident {id}; it may be over': 'não há incidente aberto {id}; ele pode já ter terminado',
  'there is no silence {id} that holds': 'não há silêncio {id} em vigor',
} as const;
