-- Every message is in a conversation of its own mailbox, and every conversation in a mailbox.
select 'message ' || messages.id || ' is in no conversation of its mailbox' as fault
from messages
left join conversations
    on messages.conversation_id = conversations.id
where conversations.mailbox_id is distinct from messages.mailbox_id
union all
select 'conversation ' || conversations.id || ' is in no mailbox' as fault
from conversations
left join mailboxes
    on conversations.mailbox_id = mailboxes.id
where mailboxes.id is null;
