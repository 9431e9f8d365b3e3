-- name: known_ids
-- The rows of messages themselves come last, the oldest conversation at the very end.
select
    rfc_message_id,
    conversation_id,
    is_message
from message_references
where
    mailbox_id = $mailbox_id
    and rfc_message_id in (select unnest($ids::varchar[]))
order by is_message asc, conversation_id desc;

-- name: here
select id
from conversations
where
    mailbox_id = $mailbox_id
    and id in (select unnest($conversation_ids::bigint[]));

-- name: participants
select
    conversation_id,
    from_address,
    recipients
from messages
where conversation_id in (select unnest($conversation_ids::bigint[]));

-- name: subjects
select
    messages.from_address as address,
    conversations.id,
    conversations.subject,
    conversations.last_message_at
from messages
inner join conversations
    on messages.conversation_id = conversations.id
where
    messages.mailbox_id = $mailbox_id
    and messages.from_address in (select unnest($addresses::varchar[]))
union
select
    contact_address as address,
    id,
    subject,
    last_message_at
from conversations
where
    mailbox_id = $mailbox_id
    and contact_address in (select unnest($addresses::varchar[]))
order by last_message_at, id;
