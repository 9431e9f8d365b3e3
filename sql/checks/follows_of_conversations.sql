-- Every follow is of a conversation of its mailbox, by somebody there is, and once.
select 'agent ' || follows.agent_id || ' follows what is not there' as fault
from follows
left join conversations
    on follows.conversation_id = conversations.id
left join agents
    on follows.agent_id = agents.id
where
    conversations.mailbox_id is distinct from follows.mailbox_id
    or agents.id is null
union all
select 'agent ' || agent_id || ' follows conversation ' || conversation_id || ' twice' as fault
from follows
group by conversation_id, agent_id
having count(*) > 1;
