-- name: of_mailbox
select
    tags.id,
    tags.mailbox_id,
    tags.name,
    tags.retired_at,
    (
        select count(distinct conversation_tags.conversation_id)
        from conversation_tags
        where conversation_tags.tag_id = tags.id
    ) as uses
from tags
where tags.mailbox_id = $mailbox_id
order by lower(tags.name), tags.name;

-- name: by_id
select
    id,
    mailbox_id,
    name,
    retired_at,
    0 as uses
from tags
where id = $tag_id;

-- name: offered
select name
from tags
where
    mailbox_id = $mailbox_id
    and retired_at is null
order by lower(name), name;

-- name: reserve
select nextval('tag_ids');

-- name: create
insert into tags (id, mailbox_id, name, created_at)
values ($id, $mailbox_id, $name, $now);

-- name: rename
update tags
set name = $name
where id = $tag_id;

-- name: retire
update tags
set retired_at = $now
where id = $tag_id;

-- name: put
insert into conversation_tags (conversation_id, tag_id, mailbox_id, tagged_at)
values ($conversation_id, $tag_id, $mailbox_id, $now);

-- name: take
delete from conversation_tags
where
    conversation_id = any($family::bigint[])
    and tag_id = $tag_id;

-- name: put_instead
-- Where one tag stands, the other shall stand, once.
insert into conversation_tags
select
    conversation_id,
    $into_id,
    mailbox_id,
    $now
from conversation_tags
where
    tag_id = $tag_id
    and conversation_id not in (
        select others.conversation_id
        from conversation_tags as others
        where others.tag_id = $into_id
    );

-- name: take_everywhere
delete from conversation_tags
where tag_id = $tag_id;

-- name: where_it_stands
select distinct coalesce(conversations.merged_into, conversations.id) as id
from conversation_tags
inner join conversations
    on conversation_tags.conversation_id = conversations.id
where conversation_tags.tag_id = $tag_id;

-- name: bring_up_to_date
-- The names on the conversation's own row, of all that its family is tagged with.
with wanted as (
    select unnest($ids::bigint[]) as id
),

names as (
    select distinct
        tags.name,
        coalesce(members.merged_into, members.id) as family_id
    from conversation_tags
    inner join conversations as members
        on conversation_tags.conversation_id = members.id
    inner join tags
        on conversation_tags.tag_id = tags.id
    where coalesce(members.merged_into, members.id) in (select wanted.id from wanted)
),

told as (
    select
        wanted.id,
        string_agg(names.name, chr(10) order by lower(names.name), names.name) as tags
    from wanted
    left join names
        on wanted.id = names.family_id
    group by wanted.id
)

update conversations
set tags = coalesce(told.tags, '')
from told
where conversations.id = told.id;
