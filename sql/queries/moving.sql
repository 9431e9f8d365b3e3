-- name: members
-- These conversations, and what was merged into each.
select
    coalesce(merged_into, id) as root,
    id
from conversations
where coalesce(merged_into, id) in (select unnest($ids::bigint[]))
order by id;

-- name: unsettled
-- In which of these a mail is still on its way, or in doubt.
select distinct coalesce(conversations.merged_into, conversations.id) as id
from outbox
inner join conversations
    on outbox.conversation_id = conversations.id
where
    coalesce(conversations.merged_into, conversations.id) in (select unnest($ids::bigint[]))
    and (
        outbox.state not in ('sent', 'cancelled')
        or outbox.copy_state = 'due'
    );

-- name: standing
-- What a move changes of these conversations, and taking it back restores.
select
    conversations.id,
    conversations.contact_name,
    conversations.contact_address,
    conversations.contact_id,
    conversations.assignee_id,
    coalesce(conversations.is_vip, false) as is_vip,
    coalesce((
        select string_agg(tags.name, chr(10) order by tags.name)
        from conversation_tags
        inner join tags
            on conversation_tags.tag_id = tags.id
        where conversation_tags.conversation_id = conversations.id
    ), '') as tags
from conversations
where conversations.id = any($family::bigint[])
order by conversations.id;

-- name: note
insert into moves (conversation_id, from_id, to_id, event_id, before, moved_at)
select
    unnest($ids::bigint[]),
    unnest($from_ids::bigint[]),
    $to_id,
    unnest($event_ids::bigint[]),
    unnest($befores::varchar[]),
    $now;

-- name: last_of
-- The move that brought this conversation where it is.
select
    id,
    from_id,
    to_id,
    event_id
from moves
where
    conversation_id = $conversation_id
    and undone_at is null
order by id desc
limit 1;

-- name: of_events
select
    conversation_id,
    before
from moves
where event_id in (select unnest($event_ids::bigint[]));

-- name: take_back
update moves
set undone_at = $now
where event_id in (select unnest($event_ids::bigint[]));

-- name: lately
-- The moves that brought these conversations where they are.
select
    moves.conversation_id,
    moves.from_id,
    moves.event_id
from moves
inner join conversations
    on
        moves.conversation_id = conversations.id
        and moves.to_id = conversations.mailbox_id
where
    moves.undone_at is null
    and moves.conversation_id in (select unnest($ids::bigint[]))
    and moves.moved_at >= $since;

-- name: left_places
-- The mailboxes these conversations have left.
select distinct from_id
from moves
where
    conversation_id = any($family::bigint[])
    and undone_at is null;

-- name: left_addresses
-- The addresses of the mailboxes these conversations have left.
select mailboxes.address
from moves
inner join mailboxes
    on moves.from_id = mailboxes.id
where
    moves.conversation_id = any($family::bigint[])
    and moves.undone_at is null
union
select aliases.address
from moves
inner join aliases
    on moves.from_id = aliases.mailbox_id
where
    moves.conversation_id = any($family::bigint[])
    and moves.undone_at is null;

-- name: inherit
-- A conversation that was split off has been where the other was.
insert into moves (conversation_id, from_id, to_id, event_id, before, moved_at)
select
    $conversation_id,
    from_id,
    to_id,
    event_id,
    '{}',
    moved_at
from moves
where
    conversation_id = $from_id
    and undone_at is null;

-- name: conversations
update conversations
set mailbox_id = $to_id
where id = any($family::bigint[]);

-- name: messages
update messages
set mailbox_id = $to_id
where conversation_id = any($family::bigint[]);

-- name: search_keys
update search_keys
set mailbox_id = $to_id
where conversation_id = any($family::bigint[]);

-- name: references
update message_references
set mailbox_id = $to_id
where conversation_id = any($family::bigint[]);

-- name: bounces
update bounces
set mailbox_id = $to_id
where conversation_id = any($family::bigint[]);

-- name: outbox
update outbox
set mailbox_id = $to_id
where conversation_id = any($family::bigint[]);

-- name: follows
update follows
set mailbox_id = $to_id
where conversation_id = any($family::bigint[]);

-- name: reads
update reads
set mailbox_id = $to_id
where conversation_id = any($family::bigint[]);

-- name: notifications
update notifications
set mailbox_id = $to_id
where conversation_id = any($family::bigint[]);

-- name: stops
update stopped_answers
set mailbox_id = $to_id
where conversation_id = any($family::bigint[]);

-- name: lapses
update lapsed_claims
set mailbox_id = $to_id
where conversation_id = any($family::bigint[]);

-- name: merges
update merge_links
set mailbox_id = $to_id
where conversation_id = any($family::bigint[]);

-- name: forget_tags
delete from conversation_tags
where conversation_id = any($family::bigint[]);

-- name: put_tags
-- Those of these that the mailbox knows by the same name, and still offers.
insert into conversation_tags (conversation_id, tag_id, mailbox_id, tagged_at)
select distinct
    wanted.conversation_id,
    tags.id,
    tags.mailbox_id,
    $now::timestamp
from (
    select
        unnest($ids::bigint[]) as conversation_id,
        unnest($names::varchar[]) as name
) as wanted
inner join tags
    on lower(wanted.name) = lower(tags.name)
where
    tags.mailbox_id = $to_id
    and (tags.retired_at is null or $retired_too);

-- name: settle
update conversations
set
    contact_id = news.contact_id,
    assignee_id = news.assignee_id,
    is_vip = news.is_vip
from (
    select
        unnest($ids::bigint[]) as id,
        unnest($contact_ids::bigint[]) as contact_id,
        unnest($assignee_ids::bigint[]) as assignee_id,
        unnest($vips::boolean[]) as is_vip
) as news
where conversations.id = news.id;

-- name: untell
-- Nobody lost it after all.
update notifications
set seen_at = $now
where
    conversation_id = any($family::bigint[])
    and kind = 'moved'
    and seen_at is null;
