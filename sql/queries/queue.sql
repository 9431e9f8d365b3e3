-- name: longest_waiting
-- Who waits comes before who only has nobody; of these whoever has waited longest.
select id
from conversations
where
    mailbox_id = any($mailboxes)
    and merged_into is null
    and status = 'open'
    and assignee_id is null
    and trashed_at is null
    and spam_at is null
    and snoozed_until is null
order by
    waiting_since is null asc,
    coalesce(waiting_since, last_message_at) asc,
    id asc
limit 1;
