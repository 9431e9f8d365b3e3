-- Still waiting are the customers whose turn is open: how many, since when, and with whom.
create view report.still_waiting as
select
    turns.conversation_id,
    turns.turn_no,
    mailboxes.address as mailbox,
    turns.waiting_since,
    agents.email as assignee
from metric.turns
inner join main.conversations
    on turns.conversation_id = conversations.id
inner join main.mailboxes
    on turns.mailbox_id = mailboxes.id
left join main.agents
    on conversations.assignee_id = agents.id
where turns.state = 'waiting';
