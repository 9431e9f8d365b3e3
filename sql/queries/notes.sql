-- name: count
update conversations
set
    last_message_id = greatest(coalesce(last_message_id, $message_id), $message_id),
    message_count = message_count + 1,
    attachment_count = attachment_count + $files
where id = $conversation_id;
