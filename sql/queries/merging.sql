-- name: link
insert into merge_links (
    mailbox_id, conversation_id, into_id, merged_at, action_id, event_id, status, assignee_id,
    waiting_since, closed_at, trashed_at, took_alert
)
values (
    $mailbox_id, $conversation_id, $into_id, $now, $action_id, $event_id, $status, $assignee_id,
    $waiting_since, $closed_at, $trashed_at, $took_alert
);

-- name: link_of
-- The merge by which this conversation stands in another, if one does.
select
    id,
    into_id,
    event_id,
    status,
    assignee_id,
    waiting_since,
    closed_at,
    trashed_at,
    took_alert
from merge_links
where
    conversation_id = $conversation_id
    and undone_at is null;

-- name: unlink
update merge_links
set undone_at = $now
where
    id = $id
    and undone_at is null;

-- name: links_of
-- Every link that stands in a mailbox.
select
    conversation_id,
    into_id
from merge_links
where
    mailbox_id = $mailbox_id
    and undone_at is null;

-- name: point
update conversations
set merged_into = $into_id
where id in (select unnest($ids::bigint[]));

-- name: candidates
-- Those of the mailbox that a conversation can be merged with: by number, by words of the subject
-- or the address, or, without words, of the same contact.
select
    id,
    subject,
    contact_name,
    contact_address,
    status,
    created_at,
    last_message_at,
    message_count
from conversations
where
    mailbox_id = $mailbox_id
    and merged_into is null
    and begun_by is null
    and id <> $conversation_id
    and spam_at is null
    and trashed_at is null
    and case
        when $words = '' then lower(contact_address) = $address
        else
            id = $number
            or strpos(lower(subject), $words) > 0
            or strpos(lower(contact_address), $words) > 0
            or strpos(lower(contact_name), $words) > 0
    end
order by
    coalesce(id = $number, false) desc,
    lower(contact_address) = $address desc,
    last_message_at desc,
    id desc
limit $most;

-- name: parted
-- Which of these conversations somebody has taken out of which, or split from which.
select
    conversation_id,
    into_id
from merge_links
where
    undone_at is not null
    and conversation_id in (select unnest($ids::bigint[]))
    and into_id in (select unnest($ids::bigint[]))
union all
select
    conversation_id,
    from_id as into_id
from splits
where
    conversation_id in (select unnest($ids::bigint[]))
    and from_id in (select unnest($ids::bigint[]));

-- name: hinted
-- Whether the diary of these says already that they may belong together with that one.
select count(*) > 0
from events
inner join event_payloads
    on events.event_id = event_payloads.event_id
where
    events.conversation_id = any($family::bigint[])
    and events.kind = 'looks_related'
    and event_payloads.after = $told;
