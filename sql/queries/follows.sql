-- name: add
insert into follows (conversation_id, mailbox_id, agent_id, followed_at)
values ($conversation_id, $mailbox_id, $agent_id, $now);

-- name: remove
delete from follows
where
    conversation_id = any($family::bigint[])
    and agent_id = $agent_id;

-- name: of_conversation
-- Active colleagues who may still read it.
select distinct
    agents.id,
    agents.name
from follows
inner join agents
    on follows.agent_id = agents.id
inner join memberships
    on
        follows.agent_id = memberships.agent_id
        and follows.mailbox_id = memberships.mailbox_id
where
    follows.conversation_id = any($family::bigint[])
    and agents.is_active
order by agents.name, agents.id;
