-- name: held
select
    id,
    mailbox_id
from conversations
where
    assignee_id = $agent_id
    and status = 'open'
    and merged_into is null
    and ($mailbox_id is null or mailbox_id = $mailbox_id)
order by id;

-- name: release
update conversations
set assignee_id = null
where
    assignee_id = $agent_id
    and status = 'open'
    and ($mailbox_id is null or mailbox_id = $mailbox_id);

-- name: astray
-- Those of these whose assignee may not answer there any more, or is out of office.
select
    conversations.id,
    conversations.mailbox_id,
    conversations.assignee_id
from conversations
where
    conversations.id = any($conversation_ids::bigint[])
    and conversations.assignee_id is not null
    and (
        not exists (
            select 1
            from memberships
            inner join agents
                on memberships.agent_id = agents.id
            where
                memberships.mailbox_id = conversations.mailbox_id
                and memberships.agent_id = conversations.assignee_id
                and memberships.role <> 'reader'
                and agents.is_active
        )
        or exists (
            select 1
            from absences
            where
                absences.agent_id = conversations.assignee_id
                and absences.cancelled_at is null
                and absences.starts_at <= $now
                and absences.ends_at > $now
        )
    )
order by conversations.id;

-- name: unassign
update conversations
set assignee_id = null
where id = any($conversation_ids::bigint[]);
