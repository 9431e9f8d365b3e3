-- title: Mail by weekday
-- definition: Customers' mails of 13 weeks by the weekday (UTC) on which they came, and by mailbox.
-- chart: bar
-- x: weekday
-- y: mails
-- colour: mailbox
select
    dayname(received_at) as weekday,
    mailbox,
    count(*) as mails,
    list(distinct conversation_id) as conversation_ids
from report.messages
where
    direction = 'in'
    and not is_auto
    and not is_bounce
    and received_at >= date_trunc('day', $now) - interval 91 days
group by
    weekday,
    mailbox,
    isodow(received_at)
order by
    isodow(received_at),
    mailbox;
