-- name: conversations_of
select
    rfc_message_id,
    conversation_id
from message_references
where
    mailbox_id = $mailbox_id
    and rfc_message_id = any($rfc_message_ids)
    and is_message;

-- name: sent_here
update messages
set via = 'app'
where
    direction = 'out'
    and via = 'sent'
    and sent_at >= $since
    and id % 6 <> 0;
