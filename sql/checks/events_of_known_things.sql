-- Every event names what exists or was erased, and every payload an event.
-- A reply that waits, is in doubt or was undone has a message's number, and is none yet.
select 'event ' || events.event_id || ' is of no known conversation' as fault
from events
left join conversations
    on events.conversation_id = conversations.id
where
    events.conversation_id is not null
    and conversations.id is null
    and not exists (
        select 1
        from events as later
        where
            later.conversation_id = events.conversation_id
            and later.kind = 'erased'
    )
union all
select 'event ' || events.event_id || ' is of no known message' as fault
from events
left join messages
    on events.message_id = messages.id
where
    events.message_id is not null
    and messages.id is null
    -- These stand in the diaries of two conversations, of which one may be gone.
    and events.kind not in ('looks_related', 'merged', 'unmerged')
    and not exists (
        select 1
        from events as later
        where
            later.conversation_id = events.conversation_id
            and later.kind = 'erased'
    )
    and not exists (
        select 1
        from outbox
        where outbox.message_id = events.message_id
    )
union all
select 'payload ' || event_payloads.event_id || ' belongs to no event' as fault
from event_payloads
left join events
    on event_payloads.event_id = events.event_id
where events.event_id is null;
