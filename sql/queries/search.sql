-- name: find
-- A merged conversation is found as the one it is in.
with hits as (
    select distinct conversation_id
    from search_keys
    where
        mailbox_id = any($mailboxes)
        and ($pattern_1 is null or search_key like $pattern_1)
        and ($pattern_2 is null or search_key like $pattern_2)
        and ($pattern_3 is null or search_key like $pattern_3)
        and ($pattern_4 is null or search_key like $pattern_4)
        and ($pattern_5 is null or search_key like $pattern_5)
        and ($pattern_6 is null or search_key like $pattern_6)
        and ($pattern_7 is null or search_key like $pattern_7)
        and ($pattern_8 is null or search_key like $pattern_8)
),

found as (
    select coalesce(members.merged_into, members.id) as conversation_id
    from hits
    inner join conversations as members
        on hits.conversation_id = members.id
)

select id
from conversations
where
    mailbox_id = any($mailboxes)
    and id in (select conversation_id from found)
order by
    last_message_at desc,
    id desc
limit $most;
