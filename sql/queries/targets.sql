-- name: versions
select
    kind,
    seconds,
    calendar,
    valid_from
from target_versions
where mailbox_id = $mailbox_id
order by valid_from, event_id;

-- name: calendar_of
select calendar
from mailboxes
where id = $mailbox_id;

-- name: add
insert into target_versions (mailbox_id, kind, seconds, calendar, valid_from, event_id)
values ($mailbox_id, $kind, $seconds, $calendar, $valid_from, $event_id);

-- name: promises
select
    conversation_id,
    mailbox_id,
    kind,
    turn_no,
    started_at,
    ended_at,
    target_seconds,
    is_business,
    due_at,
    state,
    left_seconds
from metric.targets_between($since::timestamp, $until::timestamp, $now::timestamp)
where
    mailbox_id = any($mailboxes)
    and ($is_open::boolean is null or (ended_at is null) = $is_open::boolean)
order by due_at, conversation_id, kind;
