-- name: touch_conversation
update conversations
set message_count = message_count + 1
where id = $conversation_id;
