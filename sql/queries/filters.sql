-- name: choices
-- Who has ever been able to have a conversation here, and the tags that are in use.
select
    'assignee' as kind,
    agents.id as number,
    agents.name,
    agents.email as address,
    agents.is_active as is_on
from agents
where
    agents.id in (
        select memberships.agent_id
        from memberships
        where
            memberships.mailbox_id = any($mailboxes)
            and memberships.role <> 'reader'
    )
    or agents.id in (
        select conversations.assignee_id
        from conversations
        where conversations.mailbox_id = any($mailboxes)
    )
union all
select
    'tag' as kind,
    tags.id as number,
    tags.name,
    '' as address,
    tags.retired_at is null as is_on
from tags
where tags.mailbox_id = any($mailboxes)
order by
    kind asc,
    is_on desc,
    name asc,
    number asc;
