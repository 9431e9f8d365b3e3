-- name: queue
-- What is open now; 0 is nobody.
select
    conversation_id,
    mailbox_id,
    coalesce(assignee_id, 0) as agent_id,
    coalesce(snoozed_until > $now, false) as is_asleep,
    epoch($now) - epoch(waiting_since) as seconds,
    epoch($now) - epoch(stands_since) as stands_seconds
from metric.open_now($mailboxes::bigint[], $tag::varchar)
order by conversation_id;

-- name: late
-- Of what is promised and has not ended, what is late already or nearly so. Nothing that is open
-- began before the first wait of what is open now.
select
    conversation_id,
    mailbox_id,
    kind,
    state,
    left_seconds
from
    metric.targets_between(
        (
            select min(turns.waiting_since)
            from metric.turns
            inner join conversations
                on turns.conversation_id = conversations.id
            where
                turns.turn_no = 1
                and conversations.status = 'open'
                and conversations.mailbox_id = any($mailboxes)
        ),
        $now::timestamp + interval 1 second,
        $now::timestamp
    )
where
    mailbox_id = any($mailboxes)
    and ended_at is null
    and state in ('at_risk', 'breached')
order by left_seconds, conversation_id, kind;

-- name: promises
-- Whether any of these mailboxes promises its customers anything.
select count(*) > 0
from target_versions
where
    mailbox_id = any($mailboxes)
    and seconds is not null;
