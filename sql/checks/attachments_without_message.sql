-- Every attachment belongs to a message, and to the conversation that message is in.
select 'attachment ' || attachments.id || ' is in no message of its conversation' as fault
from attachments
left join messages
    on attachments.message_id = messages.id
where messages.conversation_id is distinct from attachments.conversation_id;
