-- name: unsent
select
    id,
    mailbox_id,
    conversation_id
from outbox
where state in ('queued', 'sending')
order by id;

-- name: hold_unsent
update outbox
set
    state = 'uncertain',
    stage = '',
    started_at = coalesce(started_at, $now),
    leased_until = null,
    error = $error
where state in ('queued', 'sending');

-- name: newest_conversation
select coalesce(max(id), 0) from conversations;

-- name: newest_message
select coalesce(max(id), 0) from messages;

-- name: skip_conversations
select max(nextval('conversation_ids')) from generate_series(1, $count);

-- name: skip_messages
select max(nextval('message_ids')) from generate_series(1, $count);
