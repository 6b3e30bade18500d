/** What is said of times: cron expressions, spans, due times. */
export const schedule = {
  '"{text}" is never due: correct its day and month': '"{text}" nunca vence: corrija o dia e o mês',
  '"{text}" is not a cron expression: {why}': '"{text}" não é uma expressão cron: {why}',
  'not understood': 'não foi entendida',
  'five fields: minute, hour, day, month, weekday, as in 0 6 * * *':
    'cinco campos: minuto, hora, dia, mês, dia da semana, como em 0 6 * * *',
  '"{text}" is not a length of at least a second in seconds to weeks; write 15 minutes':
    '"{text}" não é um tempo de pelo menos um segundo, em segundos a semanas; escreva 15 minutes',
  'the schedule says neither `cron` nor `every`; add one of them':
    'o agendamento não diz nem `cron` nem `every`; acrescente um deles',
  '{count} runs in a row failed; mend what failed, then resume the schedule':
    '{count} execuções seguidas falharam; corrija o que falhou e retome o agendamento',
  'nothing was seen for {timeout}; look why, then add it again':
    'nada foi visto durante {timeout}; veja por quê e acrescente-o de novo',
  'nothing was seen for {timeout}, at last because {problem}; mend that, then add it again':
    'nada foi visto durante {timeout}, por fim porque {problem}; corrija isso e acrescente-o de novo',
};
