-- name: find
-- The view and the mailbox count before the limit does: what lies in them is found however much
-- newer mail elsewhere holds the same words. A merged conversation is found as the one it is in.
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
    and case $view
        when 'any' then true
        when 'trash' then trashed_at is not null
        when 'spam' then trashed_at is null and spam_at is not null
        else trashed_at is null and spam_at is null
    end
    and case $view
        when 'mine' then status = 'open' and assignee_id = $agent_id
        when 'unassigned' then status = 'open' and assignee_id is null
        when 'open' then status = 'open'
        when 'closed' then status = 'closed'
        when 'sent' then last_reply_at is not null
        else true
    end
order by
    case when $view = 'sent' then last_reply_at else last_message_at end desc,
    id desc
limit $most;
