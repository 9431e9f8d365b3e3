-- Every event names a conversation and a message that exist, and every payload an event.
-- A reply has its message's number from Send on, and is a message once a server has taken it.
select 'event ' || events.event_id || ' is of no known conversation' as fault
from events
left join conversations
    on events.conversation_id = conversations.id
where
    events.conversation_id is not null
    and conversations.id is null
union all
select 'event ' || events.event_id || ' is of no known message' as fault
from events
left join messages
    on events.message_id = messages.id
where
    events.message_id is not null
    and messages.id is null
    and events.message_id not in (
        select outbox.message_id
        from outbox
        where outbox.message_id is not null
    )
union all
select 'payload ' || event_payloads.event_id || ' belongs to no event' as fault
from event_payloads
left join events
    on event_payloads.event_id = events.event_id
where events.event_id is null;
