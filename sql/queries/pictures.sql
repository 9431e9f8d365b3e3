-- name: body
-- Two look-ups by key: a join would read all bodies.
select
    (
        select mailbox_id
        from messages
        where id = $message_id and direction <> 'note' and hidden_at is null
    ) as mailbox_id,
    body_html
from bodies
where message_id = $message_id;
