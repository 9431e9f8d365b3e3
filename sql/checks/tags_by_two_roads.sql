-- The tags on a conversation's row are those its family is tagged with, once and of its mailbox.
with names as (
    select distinct
        tags.name,
        coalesce(members.merged_into, members.id) as family_id
    from conversation_tags
    inner join conversations as members
        on conversation_tags.conversation_id = members.id
    inner join tags
        on conversation_tags.tag_id = tags.id
),

told as (
    select
        family_id,
        string_agg(name, chr(10) order by lower(name), name) as tags
    from names
    group by family_id
)

select 'conversation ' || conversations.id || ' shows other tags than it has' as fault
from conversations
left join told
    on conversations.id = told.family_id
where
    conversations.merged_into is null
    and coalesce(conversations.tags, '') <> coalesce(told.tags, '')
union all
select 'tag ' || conversation_tags.tag_id || ' stands where it cannot be' as fault
from conversation_tags
left join tags
    on conversation_tags.tag_id = tags.id
left join conversations
    on conversation_tags.conversation_id = conversations.id
where
    tags.mailbox_id is distinct from conversation_tags.mailbox_id
    or conversations.mailbox_id is distinct from conversation_tags.mailbox_id
union all
select 'conversation ' || conversation_id || ' bears tag ' || tag_id || ' twice' as fault
from conversation_tags
group by conversation_id, tag_id
having count(*) > 1;
