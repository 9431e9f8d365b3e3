-- A merged contact points at one that stands alone, a conversation at one of its mailbox.
with links as (
    select
        contact_id,
        count(*) as link_count
    from contact_links
    where undone_at is null
    group by contact_id
)

select 'contact ' || contacts.id || ' points where no contact stands alone' as fault
from contacts
left join contacts as standing
    on contacts.merged_into = standing.id
where
    contacts.merged_into is not null
    and (
        standing.id is null
        or standing.merged_into is not null
        or standing.mailbox_id <> contacts.mailbox_id
    )
union all
select 'contact ' || contacts.id || ' and its links do not agree' as fault
from contacts
left join links
    on contacts.id = links.contact_id
where coalesce(links.link_count, 0) <> case when contacts.merged_into is null then 0 else 1 end
union all
select 'conversation ' || conversations.id || ' has a contact of another mailbox' as fault
from conversations
left join contacts
    on conversations.contact_id = contacts.id
where
    conversations.contact_id is not null
    and contacts.mailbox_id is distinct from conversations.mailbox_id;
