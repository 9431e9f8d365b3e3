-- Every mail on its way out has recipients; a sent reply is a message of its conversation.
select 'outbox ' || outbox.id || ' has no recipients' as fault
from outbox
left join outbox_recipients
    on outbox.id = outbox_recipients.outbox_id
where outbox_recipients.outbox_id is null
union all
select 'recipient ' || outbox_recipients.address || ' is of no mail in the outbox' as fault
from outbox_recipients
left join outbox
    on outbox_recipients.outbox_id = outbox.id
where outbox.id is null
union all
select 'outbox ' || outbox.id || ' is of no known conversation' as fault
from outbox
left join conversations
    on outbox.conversation_id = conversations.id
where
    outbox.conversation_id is not null
    and conversations.id is null
union all
select 'outbox ' || outbox.id || ' was sent and is no message of its conversation' as fault
from outbox
left join messages
    on
        outbox.message_id = messages.id
        and outbox.conversation_id = messages.conversation_id
where
    outbox.state = 'sent'
    and outbox.conversation_id is not null
    and messages.id is null;
