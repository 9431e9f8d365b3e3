-- name: links
select
    events.event_id,
    events.action_id,
    events.occurred_at,
    events.recorded_at,
    events.actor_kind,
    events.actor_id,
    events.mailbox_id,
    events.conversation_id,
    events.message_id,
    events.kind,
    events.digest,
    events.seal,
    event_payloads.salt,
    event_payloads.before,
    event_payloads.after
from events
left join event_payloads
    on events.event_id = event_payloads.event_id
where
    events.event_id > $after
    and events.event_id <= $upto
order by events.event_id;

-- name: next_event
select min(event_id)
from events
where event_id > $after;

-- name: erasures
select
    conversation_id,
    max(event_id) as event_id
from events
where
    kind = 'erased'
    and conversation_id is not null
group by conversation_id;

-- name: messages_by_scan
with counted as (
    select
        conversation_id,
        count(*) as messages,
        sum(id) as ids
    from messages
    group by conversation_id
)

select
    conversation_id,
    messages,
    ids
from counted
order by hash(conversation_id)
limit $most;

-- name: messages_by_index
select
    count(*) as messages,
    sum(id) as ids
from messages
where conversation_id = $conversation_id;
