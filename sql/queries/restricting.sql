-- name: file
select
    conversation_id,
    message_id,
    restricted_by
from attachments
where id = $attachment_id;

-- name: restrict
update attachments
set
    restricted_by = $agent_id,
    restricted_at = $now
where id = $attachment_id;

-- name: lift
update attachments
set
    restricted_by = null,
    restricted_at = null
where id = $attachment_id;
