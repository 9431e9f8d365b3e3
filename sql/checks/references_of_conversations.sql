-- Every known Message-ID leads to a conversation of the same mailbox.
select
    'Message-ID ' || message_references.rfc_message_id
    || ' leads to no conversation of its mailbox' as fault
from message_references
left join conversations
    on message_references.conversation_id = conversations.id
where conversations.mailbox_id is distinct from message_references.mailbox_id;
