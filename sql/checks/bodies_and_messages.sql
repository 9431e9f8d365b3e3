-- Every message has one body and one search key, and no body or key stands without its message.
select 'message ' || messages.id || ' has no body' as fault
from messages
left join bodies
    on
        messages.id = bodies.message_id
        and messages.conversation_id = bodies.conversation_id
where bodies.message_id is null
union all
select 'message ' || messages.id || ' cannot be found by search' as fault
from messages
left join search_keys
    on
        messages.id = search_keys.message_id
        and messages.conversation_id = search_keys.conversation_id
        and messages.mailbox_id = search_keys.mailbox_id
where search_keys.message_id is null
union all
select 'body ' || bodies.message_id || ' belongs to no message' as fault
from bodies
left join messages
    on bodies.message_id = messages.id
where messages.id is null
union all
select 'search key of message ' || search_keys.message_id || ' belongs to none' as fault
from search_keys
left join messages
    on search_keys.message_id = messages.id
where messages.id is null
union all
select 'a number that message ' || message_tokens.message_id || ' names belongs to none' as fault
from message_tokens
left join messages
    on message_tokens.message_id = messages.id
where messages.id is null;
