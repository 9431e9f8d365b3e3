-- name: unsent
select
    id,
    mailbox_id,
    conversation_id
from outbox
where state in ('queued', 'sending')
order by id;

-- name: hold_unsent
update outbox
set
    state = 'uncertain',
    stage = '',
    started_at = coalesce(started_at, $now),
    leased_until = null,
    error = $error
where state in ('queued', 'sending');
