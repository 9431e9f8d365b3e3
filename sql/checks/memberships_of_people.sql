-- Every membership joins one agent and one mailbox that exist, once.
select
    'agent ' || memberships.agent_id || ' in mailbox ' || memberships.mailbox_id
    || ' is not one membership of two that exist' as fault
from memberships
left join agents
    on memberships.agent_id = agents.id
left join mailboxes
    on memberships.mailbox_id = mailboxes.id
group by
    memberships.agent_id,
    memberships.mailbox_id
having
    count(agents.id) <> 1
    or count(mailboxes.id) <> 1;
