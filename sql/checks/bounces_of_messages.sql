-- Every bounce stands in a message that is one, and in that message's conversation.
select 'a bounce of message ' || bounces.message_id || ' stands beside its conversation' as fault
from bounces
left join messages
    on bounces.message_id = messages.id
where
    messages.conversation_id is distinct from bounces.conversation_id
    or not messages.is_bounce;
