-- name: add
insert into bounces (
    message_id, mailbox_id, conversation_id, bounced_message_id, outbox_id, address, status,
    answer, is_permanent, created_at
)
select
    unnest($message_id::bigint[]),
    unnest($mailbox_id::bigint[]),
    unnest($conversation_id::bigint[]),
    unnest($bounced_message_id::bigint[]),
    unnest($outbox_id::bigint[]),
    unnest($address::varchar[]),
    unnest($status::varchar[]),
    unnest($answer::varchar[]),
    unnest($is_permanent::boolean[]),
    unnest($created_at::timestamp[]);

-- name: of_family
-- A report may come before the mail it is about became a message: then its outbox row tells.
select
    bounces.message_id,
    coalesce(bounces.bounced_message_id, outbox.message_id) as bounced_message_id,
    bounces.address,
    bounces.status,
    bounces.answer,
    bounces.is_permanent
from bounces
left join outbox
    on bounces.outbox_id = outbox.id
where
    bounces.conversation_id in (select unnest($family::bigint[]))
    and bounces.mailbox_id = any($mailboxes)
order by bounces.created_at, bounces.message_id, bounces.address;
