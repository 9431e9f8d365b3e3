-- name: places
-- Where the bytes of a conversation's mails lie: they came from a server, or left through the
-- outbox.
with mails as (
    select
        id,
        raw_sha256
    from messages
    where
        conversation_id = any($family::bigint[])
        and raw_sha256 is not null
        and hidden_at is null
)

select
    mails.id as message_id,
    raw_messages.sha256,
    raw_messages.segment,
    raw_messages.position,
    raw_messages.size_bytes
from mails
inner join raw_messages
    on
        mails.raw_sha256 = raw_messages.sha256
        and raw_messages.state <> 'erased'
union all
select
    mails.id as message_id,
    outbox.raw_sha256 as sha256,
    outbox.segment,
    outbox.position,
    outbox.size_bytes
from mails
inner join outbox
    on
        mails.id = outbox.message_id
        and mails.raw_sha256 = outbox.raw_sha256;
