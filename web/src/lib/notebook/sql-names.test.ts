import { describe, expect, it } from 'vitest';
import { renameModel, renameParameter, renameRelation } from './sql-names.ts';

const renamed = (text: string) => renameRelation(text, 'orders', 'sales');

describe('renaming a relation in a text', () => {
  it('follows FROM lists, joins and qualifiers', () => {
    expect(renamed('select orders.id, o.x from orders, items o join orders on orders.id = o.id')).toBe(
      'select sales.id, o.x from sales, items o join sales on sales.id = o.id',
    );
  });
  it('leaves columns, aliases, strings, comments and parameters of the same name', () => {
    const text = `select orders, count(*) as orders, 'orders', $orders -- orders\nfrom items where orders > 1 group by orders`;
    expect(renamed(text)).toBe(text);
  });
  it('leaves a column that has the name of its table', () => {
    expect(renamed('select orders.orders from orders')).toBe('select sales.orders from sales');
  });
  it('follows names with a layer, quoted ones and any case', () => {
    expect(renamed('from silver.orders')).toBe('from silver.sales');
    expect(renamed('select "orders".id from "orders"')).toBe('select "sales".id from "sales"');
    expect(renamed('select * FROM Orders')).toBe('select * FROM sales');
  });
  it('goes into subqueries and comes back out of them', () => {
    expect(renamed('select (select max(x) from orders), orders from (select * from orders) t, orders')).toBe(
      'select (select max(x) from sales), orders from (select * from sales) t, sales',
    );
  });
  it('touches nothing where a CTE hides the name', () => {
    const text = 'with orders as (select 1) select * from orders';
    expect(renamed(text)).toBe(text);
  });
  it('ends on a text that is not closed', () => {
    expect(renamed("select 'orders from orders")).toBe("select 'orders from orders");
  });
});

describe('renaming a parameter in a text', () => {
  it('follows the name and the two ends of a period, and no longer word', () => {
    expect(renameParameter("select $day, $day_start, $day_end, $days, '$day' -- $day", 'day', 'date')).toBe(
      "select $date, $date_start, $date_end, $days, '$day' -- $day",
    );
  });
});

it('a model is asked by its new name, outside of texts and comments', () => {
  const text = `select predict_risk(l), 'predict_risk' as t, predict_risky(l) -- predict_risk(l)\nfrom loans l`;
  expect(renameModel(text, 'risk', 'default')).toBe(
    `select predict_default(l), 'predict_risk' as t, predict_risky(l) -- predict_risk(l)\nfrom loans l`,
  );
});
