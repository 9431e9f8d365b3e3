-- title: Templates put into answers
-- definition: How often a template was put into an answer, by week (UTC) and mailbox, in 26 weeks.
-- chart: bar
-- x: week
-- y: uses
-- colour: mailbox
select
    date_trunc('week', occurred_at)::date as week,
    mailbox,
    count(*) as uses,
    list(distinct conversation_id) as conversation_ids
from report.events
where
    kind = 'template_used'
    and occurred_at >= date_trunc('week', $now) - interval 26 weeks
group by
    week,
    mailbox
order by
    week,
    mailbox;
