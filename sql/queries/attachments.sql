-- name: by_id
-- The assignee is that of the conversation it was merged into.
select
    attachments.id,
    attachments.message_id,
    attachments.conversation_id,
    conversations.mailbox_id,
    attachments.filename,
    attachments.size_bytes,
    attachments.sha256,
    attachments.restricted_by,
    (
        select places.assignee_id
        from conversations as places
        where places.id = coalesce(conversations.merged_into, conversations.id)
    ) as assignee_id
from attachments
inner join conversations
    on attachments.conversation_id = conversations.id
inner join messages
    on attachments.message_id = messages.id
where
    attachments.id = $attachment_id
    and messages.hidden_at is null;

-- name: of_message
select
    attachments.id,
    attachments.message_id,
    attachments.conversation_id,
    conversations.mailbox_id,
    attachments.filename,
    attachments.size_bytes,
    attachments.sha256,
    attachments.restricted_by,
    (
        select places.assignee_id
        from conversations as places
        where places.id = coalesce(conversations.merged_into, conversations.id)
    ) as assignee_id
from attachments
inner join conversations
    on attachments.conversation_id = conversations.id
inner join messages
    on attachments.message_id = messages.id
where
    attachments.message_id = $message_id
    and messages.hidden_at is null
order by attachments.id;

-- name: original
-- The bytes came from a server, or left through the outbox. They are the same in whatever mailbox
-- they came.
with wanted as (
    select
        id,
        conversation_id,
        mailbox_id,
        raw_sha256
    from messages
    where id = $message_id and hidden_at is null
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
        and raw_messages.state <> 'erased'
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
