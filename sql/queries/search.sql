-- name: names
-- Whom and what a line can name: colleagues who have ever been able to have a conversation here,
-- and the tags that are or were in use.
select
    'assignee' as kind,
    agents.id as number,
    agents.name,
    agents.email as address
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
    '' as address
from tags
where tags.mailbox_id = any($mailboxes)
order by
    kind asc,
    name asc,
    number asc;

-- name: texts
-- The text of these messages and the names of their files, but nothing of what is hidden or kept
-- from some.
select
    'body' as kind,
    messages.id as message_id,
    bodies.body_text as words
from messages
inner join bodies
    on messages.id = bodies.message_id
where
    messages.id in (select unnest($ids::bigint[]))
    and bodies.message_id in (select unnest($ids::bigint[]))
    and messages.mailbox_id = any($mailboxes)
    and messages.hidden_at is null
union all
select
    'file' as kind,
    messages.id as message_id,
    attachments.filename as words
from messages
inner join attachments
    on messages.id = attachments.message_id
where
    messages.id in (select unnest($ids::bigint[]))
    and attachments.message_id in (select unnest($ids::bigint[]))
    and messages.mailbox_id = any($mailboxes)
    and messages.hidden_at is null
    and attachments.restricted_by is null;
