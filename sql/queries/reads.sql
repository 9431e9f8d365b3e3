-- name: drop
delete from reads
where
    agent_id = $agent_id
    and conversation_id in (select unnest($conversation_ids::bigint[]));

-- name: keep
insert into reads
select
    id,
    mailbox_id,
    $agent_id,
    case when $is_unread then 0 else greatest(coalesce(last_message_id, 0), 1) end,
    $now
from conversations
where id in (select unnest($conversation_ids::bigint[]));

-- name: wrote
update reads
set seen_message_id = $message_id
where
    agent_id = $agent_id
    and conversation_id = $conversation_id
    and seen_message_id >= (
        select coalesce(conversations.last_message_id, 0)
        from conversations
        where conversations.id = $conversation_id
    )
    and seen_message_id > 0
    and seen_message_id < $message_id;
