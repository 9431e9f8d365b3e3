-- name: snooze
update conversations
set
    snoozed_until = $until,
    snooze_stays = $stays
where id = $conversation_id;

-- name: wake
update conversations
set
    snoozed_until = null,
    snooze_stays = false
where id in (select unnest($ids::bigint[]));

-- name: due
-- What was merged sleeps on as it stood, until it stands alone again.
select
    id,
    mailbox_id,
    snoozed_until
from conversations
where
    snoozed_until <= $now
    and merged_into is null
order by snoozed_until, id;
