-- name: elsewhere
with own as (
    select
        raw_sha256,
        rfc_message_id
    from messages
    where conversation_id = any($family::bigint[])
),

digests as (
    select raw_sha256
    from own
    where raw_sha256 is not null
),

names as (
    select rfc_message_id
    from own
    where rfc_message_id is not null
),

shared as (
    select conversation_id
    from messages
    where
        mailbox_id = any($mailboxes)
        and (
            raw_sha256 in (select raw_sha256 from digests)
            or rfc_message_id in (select rfc_message_id from names)
        )
),

standing as (
    select coalesce(merged_into, id) as conversation_id
    from conversations
    where id in (select conversation_id from shared)
)

select
    conversations.id as conversation_id,
    conversations.mailbox_id,
    mailboxes.name as mailbox_name
from conversations
inner join mailboxes
    on conversations.mailbox_id = mailboxes.id
where conversations.id in (select conversation_id from standing)
order by conversations.id;
