-- A look that was under way when its rule was deleted or switched off began alerts that nothing ended.
update alerts set state = 'resolved', resolved_at = now()
 where state = 'firing' and rule_id in (select id from alert_rules where not enabled);
delete from alerts where state = 'pending' and rule_id in (select id from alert_rules where not enabled);
