import { quoteName } from '../sql-text.ts';

/**
 * The rows of `current` once `changes` came over them in order: of each key the last change counts, and a value that a
 * change did not send stays what it was.
 *
 * `changes` has beside the columns `__op` (`u` put, `d` taken away, `t` all taken away), `__seq` and `__same`.
 */
export function applySelect(
  current: string,
  changes: string,
  columns: readonly string[],
  key: readonly string[],
): string {
  const keys = key.map(quoteName);
  const values = columns.filter((name) => !key.includes(name));
  const kept = values.map(
    (name, index) =>
      `arg_max({v: ${quoteName(name)}}, __seq) filter (where __same is null or not list_contains(__same, '${name.replaceAll("'", "''")}')) as __v${index}`,
  );
  const on = keys.map((name) => `l.${name} = c.${name}`).join(' and ');
  const put = columns.map((name) => {
    const at = values.indexOf(name);
    const column = quoteName(name);
    return at < 0 ? `l.${column}` : `case when l.__v${at} is null then c.${column} else l.__v${at}.v end as ${column}`;
  });
  return `with __changes as materialized (${changes}),
__cut as (select coalesce(max(__seq), -1) as last_cut from __changes where __op = 't'),
__last as (
  select ${[...keys, 'arg_max(__op, __seq) as __op', ...kept].join(', ')}
  from __changes where __op <> 't' and __seq > (select last_cut from __cut) group by ${keys.join(', ')}),
__base as (select ${columns.map(quoteName).join(', ')} from ${current} where (select last_cut from __cut) < 0)
select c.* from __base c anti join __last l on ${on}
union all by name
select ${put.join(', ')} from __last l left join __base c on ${on} where l.__op = 'u'`;
}
