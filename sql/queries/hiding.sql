-- name: message
-- One message with what it is found by.
select
    messages.conversation_id,
    messages.hidden_by,
    messages.from_name,
    messages.from_address,
    messages.recipients,
    messages.subject,
    (
        select bodies.body_text
        from bodies
        where bodies.message_id = $message_id
    ) as body_text
from messages
where messages.id = $message_id;

-- name: filenames
select filename
from attachments
where message_id = $message_id
order by id;

-- name: hide
update messages
set
    hidden_by = $agent_id,
    hidden_at = $now
where id = $message_id;

-- name: show
update messages
set
    hidden_by = null,
    hidden_at = null
where id = $message_id;

-- name: say
update conversations
set snippet = $snippet
where id = $conversation_id;
