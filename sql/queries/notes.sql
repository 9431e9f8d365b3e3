-- name: count
update conversations
set
    message_count = message_count + 1,
    attachment_count = attachment_count + $files
where id = $conversation_id;
