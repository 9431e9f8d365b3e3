-- name: messages
-- What can be passed on: mails that stand there and are not hidden.
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
    messages.id = any($ids::bigint[])
    and messages.direction <> 'note'
    and messages.hidden_at is null
order by messages.sent_at, messages.id;

-- name: mark
update drafts
set
    forwards_message_id = $message_id,
    forwards = $messages
where id = $draft_id;

-- name: of_draft
select
    forwards_message_id,
    coalesce(forwards, '') as forwards
from drafts
where id = $draft_id;
