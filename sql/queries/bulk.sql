-- name: rows
-- The conversations that stand for these, as far as they may be read, and how they stand.
select
    conversations.id,
    conversations.mailbox_id,
    conversations.status,
    conversations.assignee_id,
    conversations.waiting_since,
    conversations.closed_at,
    conversations.spam_at,
    conversations.trashed_at,
    conversations.snoozed_until,
    coalesce(conversations.snooze_stays, false) as snooze_stays,
    coalesce(conversations.tags, '') as tags,
    coalesce(reads.seen_message_id = 0, false) or (
        conversations.status = 'open'
        and coalesce(conversations.last_message_id, 0) > coalesce(reads.seen_message_id, 0)
    ) as is_unread
from conversations
left join reads
    on
        conversations.id = reads.conversation_id
        and reads.agent_id = $agent_id
where
    conversations.mailbox_id = any($mailboxes)
    and conversations.id in (
        select coalesce(named.merged_into, named.id)
        from conversations as named
        where named.id in (select unnest($ids::bigint[]))
    )
order by conversations.id;

-- name: close
update conversations
set
    status = 'closed',
    closed_at = $now,
    waiting_since = null
where id in (select unnest($ids::bigint[]));

-- name: assign
update conversations
set assignee_id = $assignee_id
where id in (select unnest($ids::bigint[]));

-- name: snooze
update conversations
set
    snoozed_until = $until,
    snooze_stays = false
where id in (select unnest($ids::bigint[]));

-- name: put_tag
insert into conversation_tags (conversation_id, tag_id, mailbox_id, tagged_at)
select
    unnest($ids::bigint[]),
    $tag_id,
    $mailbox_id,
    $now;

-- name: take_tag
-- Of these and of what was merged into them.
delete from conversation_tags
where
    tag_id in (
        select tags.id
        from tags
        where
            tags.mailbox_id = $mailbox_id
            and lower(tags.name) = $name
    )
    and conversation_id in (
        select members.id
        from conversations as members
        where coalesce(members.merged_into, members.id) in (select unnest($ids::bigint[]))
    );

-- name: untell
-- What was given is taken back before anybody has looked.
update notifications
set seen_at = $now
where
    conversation_id in (select unnest($ids::bigint[]))
    and actor_id = $agent_id
    and kind = 'assigned'
    and made_at >= $since
    and seen_at is null;

-- name: mark_spam
update conversations
set spam_at = $now
where id in (select unnest($ids::bigint[]));

-- name: trash
update conversations
set trashed_at = $now
where id in (select unnest($ids::bigint[]));

-- name: restore
update conversations
set
    spam_at = case when trashed_at is not null then spam_at end,
    trashed_at = null
where id in (select unnest($ids::bigint[]));

-- name: action
-- What one action of this agent left in the diary.
select
    events.event_id,
    events.conversation_id,
    events.kind,
    events.occurred_at,
    event_payloads.before,
    event_payloads.after
from events
left join event_payloads
    on events.event_id = event_payloads.event_id
where
    events.action_id = $action_id
    and events.actor_kind = 'agent'
    and events.actor_id = $agent_id
    and events.kind in (
        'closed', 'assigned', 'snoozed', 'tagged', 'untagged', 'marked_spam', 'trashed',
        'restored', 'marked_read', 'marked_unread', 'moved'
    )
order by events.event_id;

-- name: moved_on
-- In which of these, or of what was merged into them, something has happened after this event.
select distinct coalesce(conversations.merged_into, conversations.id) as id
from events
inner join conversations
    on events.conversation_id = conversations.id
where
    events.event_id > $event_id
    and events.action_id <> $action_id
    and coalesce(conversations.merged_into, conversations.id) in (select unnest($ids::bigint[]))
    and events.kind not in (select unnest($quiet::varchar[]));

-- name: put_back
update conversations
set
    status = was.status,
    assignee_id = was.assignee_id,
    waiting_since = was.waiting_since,
    closed_at = was.closed_at,
    spam_at = was.spam_at,
    trashed_at = was.trashed_at,
    snoozed_until = was.snoozed_until,
    snooze_stays = was.snooze_stays
from (
    select
        unnest($ids::bigint[]) as id,
        unnest($status::varchar[]) as status,
        unnest($assignee_id::bigint[]) as assignee_id,
        unnest($waiting_since::timestamp[]) as waiting_since,
        unnest($closed_at::timestamp[]) as closed_at,
        unnest($spam_at::timestamp[]) as spam_at,
        unnest($trashed_at::timestamp[]) as trashed_at,
        unnest($snoozed_until::timestamp[]) as snoozed_until,
        unnest($snooze_stays::boolean[]) as snooze_stays
) as was
where conversations.id = was.id;
