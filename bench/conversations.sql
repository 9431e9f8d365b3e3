-- Conversation rows in bulk, for the benches alone: nobody else has so many at once.
insert into conversations (
    id, mailbox_id, contact_name, contact_address, subject, snippet, status, assignee_id,
    created_at, last_message_at, closed_at, message_count, attachment_count, is_readable
)
select
    unnest($id::bigint[]),
    1,
    unnest($contact_name::varchar[]),
    unnest($contact_address::varchar[]),
    unnest($subject::varchar[]),
    unnest($snippet::varchar[]),
    unnest($status::varchar[]),
    unnest($assignee_id::bigint[]),
    unnest($created_at::timestamp[]),
    unnest($last_message_at::timestamp[]),
    unnest($closed_at::timestamp[]),
    unnest($message_count::integer[]),
    0,
    true;
