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
    leased_until = null,
    error = $error
where state in ('queued', 'sending');
