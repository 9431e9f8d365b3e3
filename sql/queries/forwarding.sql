-- name: message
-- What can be passed on: a mail that stands there and is not hidden.
select
    messages.id,
    messages.conversation_id,
    messages.mailbox_id,
    messages.from_name,
    messages.from_address,
    messages.recipients,
    messages.subject,
    messages.sent_at,
    bodies.body_text
from messages
inner join bodies
    on messages.id = bodies.message_id
where
    messages.id = $message_id
    and messages.direction <> 'note'
    and messages.hidden_at is null;

-- name: mark
update drafts
set forwards_message_id = $message_id
where id = $draft_id;

-- name: of_draft
select forwards_message_id
from drafts
where id = $draft_id;
