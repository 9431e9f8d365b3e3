-- name: held
select
    id,
    mailbox_id
from conversations
where
    assignee_id = $agent_id
    and status = 'open'
    and ($mailbox_id is null or mailbox_id = $mailbox_id)
order by id;

-- name: release
update conversations
set assignee_id = null
where
    assignee_id = $agent_id
    and status = 'open'
    and ($mailbox_id is null or mailbox_id = $mailbox_id);
