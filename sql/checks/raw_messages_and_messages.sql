-- Every mail marked as filed is a message, and every message with an original has it noted.
-- A message of a conversation that was moved is of the mailbox that has it now.
select 'raw mail ' || raw_messages.id || ' is filed as no message of its mailbox' as fault
from raw_messages
left join messages
    on raw_messages.message_id = messages.id
where
    raw_messages.state = 'filed'
    and (
        messages.id is null
        or (
            messages.mailbox_id <> raw_messages.mailbox_id
            and not exists (
                select 1
                from moves
                inner join conversations as moved
                    on moves.conversation_id = moved.id
                inner join conversations as members
                    on
                        coalesce(moved.merged_into, moved.id)
                        = coalesce(members.merged_into, members.id)
                where
                    members.id = messages.conversation_id
                    and moves.from_id = raw_messages.mailbox_id
            )
        )
    )
union all
select 'message ' || messages.id || ' came by IMAP and no raw mail is filed as it' as fault
from messages
left join raw_messages
    on messages.id = raw_messages.message_id
where
    messages.via = 'imap'
    and messages.raw_sha256 is not null
    and raw_messages.id is null;
