-- name: longest_waiting
-- What is urgent comes first; then who waits before who only has nobody; of these whoever has
-- waited longest: the order of the list of what nobody has.
select id
from conversations
where
    mailbox_id = any($mailboxes)
    and merged_into is null
    and status = 'open'
    and assignee_id is null
    and trashed_at is null
    and spam_at is null
    and coalesce(snoozed_until <= $now, true)
order by
    coalesce(is_urgent, false)
    or (coalesce(is_vip, false) and waiting_since is not null) desc,
    waiting_since is null asc,
    coalesce(waiting_since, last_message_at) asc,
    id asc
limit 1;
