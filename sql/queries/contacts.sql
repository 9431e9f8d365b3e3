-- name: known
-- The addresses that a mailbox knows, and what an agent has said of whoever is behind each.
select
    contacts.address,
    contacts.id,
    contacts.merged_into,
    contacts.is_vip,
    case when contacts.is_named then contacts.name end as name
from contacts
where
    contacts.mailbox_id = $mailbox_id
    and contacts.address in (select unnest($addresses::varchar[]));

-- name: standing
-- What an agent has said of these contacts, each of which stands for others.
select
    id,
    is_vip,
    case when is_named then name end as name
from contacts
where id in (select unnest($ids::bigint[]));

-- name: add
insert into contacts (mailbox_id, address, name, created_at)
select
    $mailbox_id,
    unnest($addresses::varchar[]),
    unnest($names::varchar[]),
    $now;

-- name: by_id
-- Each address of the contact that this one belongs to, the one that stands for all first.
select
    members.id,
    members.mailbox_id,
    members.address,
    members.name,
    members.is_vip,
    members.phone,
    members.note,
    members.company,
    members.properties,
    members.created_at,
    members.event_id,
    companies.name as company_name
from contacts as asked
left join contacts as members
    on coalesce(asked.merged_into, asked.id) = coalesce(members.merged_into, members.id)
left join companies
    on
        members.mailbox_id = companies.mailbox_id
        and coalesce(members.company, split_part(members.address, '@', 2)) = companies.domain
where asked.id = $contact_id
order by
    members.merged_into is not null,
    members.id;

-- name: of_conversation
-- As by_id, of the contact of a conversation; one row without a contact where none is linked.
select
    coalesce(conversations.merged_into, conversations.id) as conversation_id,
    conversations.mailbox_id as place_id,
    conversations.contact_name as written_name,
    conversations.contact_address as written_address,
    members.id,
    members.mailbox_id,
    members.address,
    members.name,
    members.is_vip,
    members.phone,
    members.note,
    members.company,
    members.properties,
    members.created_at,
    members.event_id,
    companies.name as company_name
from conversations
left join contacts as linked
    on conversations.contact_id = linked.id
left join contacts as members
    on coalesce(linked.merged_into, linked.id) = coalesce(members.merged_into, members.id)
left join companies
    on
        members.mailbox_id = companies.mailbox_id
        and coalesce(members.company, split_part(members.address, '@', 2)) = companies.domain
where conversations.id = $conversation_id
order by
    members.merged_into is not null,
    members.id;

-- name: of_address
select
    id,
    merged_into
from contacts
where
    mailbox_id = $mailbox_id
    and address = $address;

-- name: edit
update contacts
set
    name = $name,
    is_named = is_named or $is_named,
    phone = $phone,
    note = $note,
    company = $company,
    properties = $properties,
    is_vip = $is_vip
where id = $contact_id;

-- name: rename_in_conversations
update conversations
set contact_name = $name
where
    contact_id in (select unnest($ids::bigint[]))
    and contact_name <> $name;

-- name: set_vip
-- What waits for a VIP is urgent (see lists.sql): no other column tells of it.
update conversations
set is_vip = $is_vip
where
    is_vip <> $is_vip
    and contact_id in (select unnest($ids::bigint[]));

-- name: hasten
-- Conversations that mail of a VIP was filed in; those that begin with it are marked first.
update conversations
set is_vip = true
where
    id in (select unnest($ids::bigint[]))
    and not coalesce(is_vip, false)
    and contact_id in (select unnest($vips::bigint[]));

-- name: touch
update contacts
set event_id = $event_id
where id in (select unnest($ids::bigint[]));

-- name: point
update contacts
set merged_into = $into_id
where id in (select unnest($ids::bigint[]));

-- name: has_conversations
select count(*) > 0
from conversations
where contact_id = $contact_id;

-- name: link
insert into contact_links (mailbox_id, contact_id, into_id, linked_at, event_id, before)
values ($mailbox_id, $contact_id, $into_id, $now, $event_id, $before);

-- name: link_of
select
    id,
    into_id,
    event_id,
    before
from contact_links
where
    contact_id = $contact_id
    and undone_at is null;

-- name: links_of
select
    contact_id,
    into_id
from contact_links
where
    into_id in (select unnest($ids::bigint[]))
    and undone_at is null;

-- name: unlink
update contact_links
set undone_at = $now
where
    id = $id
    and undone_at is null;

-- name: set_contact
update conversations
set
    contact_id = $contact_id,
    contact_name = $name,
    contact_address = $address,
    is_vip = $is_vip
where id = $conversation_id;

-- name: writer
-- Who wrote the first mail that came in.
select
    from_name,
    from_address
from messages
where
    conversation_id = any($family::bigint[])
    and direction = 'in'
order by
    sent_at,
    id
limit 1;

-- name: history
-- The newest conversations, open ones first, of the contact (0), of its addresses in other
-- mailboxes (1) and of its company (2). Beside a conversation, with them what names the same as it
-- (3) or holds the same file (4), `what` it is, and what somebody has taken apart from it (5).
with people as (
    select
        id,
        case
            when id = any($ids::bigint[]) then 0
            when mailbox_id <> $mailbox_id then 1
            else 2
        end as whose
    from contacts
    where
        id = any($ids::bigint[])
        or (
            mailbox_id = $mailbox_id
            and (
                lower(company) = $company
                or (company is null and right(address, length($at_domain)) = $at_domain)
            )
        )
        or (
            mailbox_id <> $mailbox_id
            and mailbox_id = any($mailboxes::bigint[])
            and address = any($addresses::varchar[])
        )
),

theirs as (
    select
        people.whose,
        conversations.id
    from conversations
    inner join people
        on conversations.contact_id = people.id
    where
        conversations.mailbox_id = any($mailboxes::bigint[])
        and conversations.merged_into is null
        and conversations.trashed_at is null
        and conversations.spam_at is null
    order by
        people.whose asc,
        conversations.status desc,
        conversations.last_message_at desc,
        conversations.id desc
    limit $most
),

mails as (
    select messages.id
    from messages
    where
        messages.hidden_at is null
        and messages.conversation_id in (
            select members.id
            from conversations as members
            where
                members.mailbox_id = $mailbox_id
                and $conversation_id in (members.id, members.merged_into)
        )
),

alike as (
    select
        3 as whose,
        shared.token as what,
        shared.message_id
    from (
        select
            message_tokens.token,
            message_tokens.message_id,
            count(*) over (partition by message_tokens.token) as mail_count
        from message_tokens
        where
            message_tokens.token in (
                select own.token
                from message_tokens as own
                where own.message_id in (select mails.id from mails)
            )
    ) as shared
    where shared.mail_count <= $commonest
    union all
    select
        4 as whose,
        attachments.filename as what,
        attachments.message_id
    from attachments
    where
        not attachments.is_inline
        and attachments.restricted_at is null
        and attachments.sha256 in (
            select few.sha256
            from attachments as few
            where
                few.sha256 in (
                    select own.sha256
                    from attachments as own
                    where
                        not own.is_inline
                        and own.restricted_at is null
                        and own.message_id in (select mails.id from mails)
                )
            group by few.sha256
            having count(*) <= $commonest
        )
),

found as (
    select
        theirs.whose,
        '' as what,
        theirs.id
    from theirs
    union all
    select
        alike.whose,
        alike.what,
        coalesce(members.merged_into, members.id) as id
    from alike
    inner join messages
        on alike.message_id = messages.id
    inner join conversations as members
        on messages.conversation_id = members.id
    where
        messages.mailbox_id = $mailbox_id
        and messages.hidden_at is null
    union all
    select
        5 as whose,
        '' as what,
        case
            when merge_links.into_id = $conversation_id then merge_links.conversation_id
            else merge_links.into_id
        end as id
    from merge_links
    where
        merge_links.undone_at is not null
        and $conversation_id in (merge_links.into_id, merge_links.conversation_id)
    union all
    select
        5 as whose,
        '' as what,
        case
            when splits.from_id = $conversation_id then splits.conversation_id
            else splits.from_id
        end as id
    from splits
    where $conversation_id in (splits.from_id, splits.conversation_id)
)

select distinct
    found.whose,
    found.what,
    conversations.id,
    conversations.mailbox_id,
    conversations.subject,
    conversations.contact_name,
    conversations.contact_address,
    conversations.status,
    conversations.waiting_since,
    conversations.created_at,
    conversations.last_message_at,
    conversations.begun_by is null
    and conversations.spam_at is null
    and conversations.trashed_at is null as is_open_to
from found
inner join conversations
    on found.id = conversations.id
order by
    found.whose asc,
    conversations.status desc,
    conversations.last_message_at desc,
    conversations.id desc;
