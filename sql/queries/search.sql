-- name: find
select
    message_id,
    conversation_id
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
order by message_id desc
limit $most;
