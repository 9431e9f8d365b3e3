-- Every mail marked as filed is a message, and every message with an original has it noted.
select 'raw mail ' || raw_messages.id || ' is filed as no message of its mailbox' as fault
from raw_messages
left join messages
    on
        raw_messages.message_id = messages.id
        and raw_messages.mailbox_id = messages.mailbox_id
where
    raw_messages.state = 'filed'
    and messages.id is null
union all
select 'message ' || messages.id || ' came by IMAP and no raw mail is filed as it' as fault
from messages
left join raw_messages
    on messages.id = raw_messages.message_id
where
    messages.via = 'imap'
    and messages.raw_sha256 is not null
    and raw_messages.id is null;
