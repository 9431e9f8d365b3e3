-- Customer wait is the sum of a conversation's turns: all the time that its customer felt.
create view report.customer_wait as
select
    turns.conversation_id,
    mailboxes.address as mailbox,
    count(*) as turns,
    count(*) filter (where turns.state = 'answered') as answered_turns,
    coalesce(sum(epoch(turns.ended_at) - epoch(turns.waiting_since)), 0) as wait_seconds,
    sum(turns.wait_business_seconds) as wait_business_seconds,
    max(turns.waiting_since) filter (where turns.state = 'waiting') as waiting_since
from metric.turns
inner join main.mailboxes
    on turns.mailbox_id = mailboxes.id
where turns.state <> 'void'
group by
    turns.conversation_id,
    mailboxes.address;
