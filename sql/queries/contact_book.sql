-- name: listed
-- Contacts by when they were last heard of. A word stands in the name, an address or the company.
with named as (
    select
        contacts.id,
        coalesce(contacts.merged_into, contacts.id) as contact_id,
        lower(
            contacts.name || ' ' || contacts.address || ' ' || coalesce(contacts.company, '') || ' '
            || coalesce(companies.name, '')
        ) as words
    from contacts
    left join companies
        on
            contacts.mailbox_id = companies.mailbox_id
            and coalesce(contacts.company, split_part(contacts.address, '@', 2)) = companies.domain
    where contacts.mailbox_id = any($mailboxes)
),

wanted as (
    select distinct contact_id
    from named
    where
        ($word_1 is null or strpos(words, $word_1) > 0)
        and ($word_2 is null or strpos(words, $word_2) > 0)
        and ($word_3 is null or strpos(words, $word_3) > 0)
),

theirs as (
    select
        named.contact_id,
        count(*) as total,
        count(*) filter (where conversations.status = 'open') as open_count,
        max(conversations.last_message_at) as last_at
    from conversations
    inner join named
        on conversations.contact_id = named.id
    where
        conversations.mailbox_id = any($mailboxes)
        and conversations.merged_into is null
        and conversations.trashed_at is null
        and conversations.spam_at is null
    group by named.contact_id
)

select
    contacts.id,
    contacts.mailbox_id,
    contacts.name,
    contacts.address,
    contacts.is_vip,
    contacts.company,
    companies.name as company_name,
    coalesce(theirs.total, 0) as total,
    coalesce(theirs.open_count, 0) as open_count,
    coalesce(theirs.last_at, contacts.created_at) as last_at,
    count(*) over () as found
from wanted
inner join contacts
    on wanted.contact_id = contacts.id
left join companies
    on
        contacts.mailbox_id = companies.mailbox_id
        and coalesce(contacts.company, split_part(contacts.address, '@', 2)) = companies.domain
left join theirs
    on contacts.id = theirs.contact_id
where not $only_vips or contacts.is_vip
order by
    coalesce(theirs.last_at, contacts.created_at) desc,
    contacts.id desc
limit
    $most
    offset $skipped;

-- name: suggested
-- A few contacts with these words, those known longest first.
select
    contacts.id,
    contacts.name,
    contacts.address
from contacts
where
    contacts.mailbox_id = $mailbox_id
    and contacts.merged_into is null
    and contacts.id <> $but
    and strpos(lower(contacts.name || ' ' || contacts.address), $word_1) > 0
    and ($word_2 is null or strpos(lower(contacts.name || ' ' || contacts.address), $word_2) > 0)
order by contacts.id
limit $most;

-- name: exported
-- Every address of a mailbox, beside the contact that it belongs to.
select
    contacts.id,
    contacts.name,
    contacts.phone,
    contacts.is_vip,
    contacts.note,
    contacts.properties,
    contacts.company,
    companies.name as company_name,
    contacts.created_at,
    contacts.address as main_address,
    members.address
from contacts as members
left join contacts
    on coalesce(members.merged_into, members.id) = contacts.id
left join companies
    on
        contacts.mailbox_id = companies.mailbox_id
        and coalesce(contacts.company, split_part(contacts.address, '@', 2)) = companies.domain
where members.mailbox_id = $mailbox_id
order by
    contacts.id,
    members.merged_into is not null,
    members.id;
