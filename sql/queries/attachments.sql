-- name: by_id
select
    attachments.id,
    attachments.message_id,
    attachments.conversation_id,
    conversations.mailbox_id,
    attachments.filename,
    attachments.size_bytes,
    attachments.sha256
from attachments
inner join conversations
    on attachments.conversation_id = conversations.id
where attachments.id = $attachment_id;

-- name: original
-- The bytes came from a server, or left through the outbox.
with wanted as (
    select
        id,
        conversation_id,
        mailbox_id,
        raw_sha256
    from messages
    where id = $message_id
)

select
    wanted.conversation_id,
    wanted.mailbox_id,
    raw_messages.sha256,
    raw_messages.segment,
    raw_messages.position,
    raw_messages.size_bytes
from wanted
inner join raw_messages
    on
        wanted.raw_sha256 = raw_messages.sha256
        and wanted.mailbox_id = raw_messages.mailbox_id
union all
select
    wanted.conversation_id,
    wanted.mailbox_id,
    outbox.raw_sha256 as sha256,
    outbox.segment,
    outbox.position,
    outbox.size_bytes
from wanted
inner join outbox
    on
        wanted.id = outbox.message_id
        and wanted.raw_sha256 = outbox.raw_sha256
limit 1;

-- name: noted
select count(*) > 0
from events
where
    conversation_id = $conversation_id
    and kind = 'downloaded'
    and actor_kind = 'agent'
    and actor_id = $agent_id
    and occurred_at > $since;
