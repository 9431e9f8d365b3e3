-- name: head
select
    event_id,
    seal
from events
order by event_id desc
limit 1;

-- name: seal_of
select seal
from events
where event_id = $event_id;

-- name: record
insert into events
select
    unnest($event_ids::bigint[]),
    unnest($action_ids::varchar[]),
    unnest($occurred_ats::timestamp[]),
    unnest($recorded_ats::timestamp[]),
    unnest($actor_kinds::varchar[]),
    unnest($actor_ids::bigint[]),
    unnest($mailbox_ids::bigint[]),
    unnest($conversation_ids::bigint[]),
    unnest($message_ids::bigint[]),
    unnest($kinds::varchar[]),
    unnest($digests::varchar[]),
    unnest($seals::varchar[]);

-- name: keep_payloads
insert into event_payloads
select
    unnest($event_ids::bigint[]),
    unnest($salts::varchar[]),
    unnest($befores::varchar[]),
    unnest($afters::varchar[]);

-- name: of_conversation
-- Where the conversation stands decides who reads its diary, wherever it stood then.
select
    events.event_id,
    events.action_id,
    events.occurred_at,
    events.recorded_at,
    events.actor_kind,
    events.actor_id,
    agents.name as actor_name,
    events.conversation_id,
    events.message_id,
    events.kind,
    event_payloads.before,
    event_payloads.after,
    assignees.name as assignee_name
from events
left join agents
    on events.actor_kind = 'agent' and events.actor_id = agents.id
left join event_payloads
    on events.event_id = event_payloads.event_id
left join agents as assignees
    on
        events.kind = 'assigned'
        and event_payloads.after = '{"assignee_id": ' || cast(assignees.id as varchar) || '}'
where
    events.conversation_id = $conversation_id
    and coalesce((
        select conversations.mailbox_id
        from conversations
        where conversations.id = $conversation_id
    ), events.mailbox_id) = any($mailboxes)
order by events.event_id;

-- name: of_family
-- The same for conversations that were merged.
select
    events.event_id,
    events.action_id,
    events.occurred_at,
    events.recorded_at,
    events.actor_kind,
    events.actor_id,
    agents.name as actor_name,
    events.conversation_id,
    events.message_id,
    events.kind,
    event_payloads.before,
    event_payloads.after,
    assignees.name as assignee_name
from events
left join agents
    on events.actor_kind = 'agent' and events.actor_id = agents.id
left join event_payloads
    on events.event_id = event_payloads.event_id
left join agents as assignees
    on
        events.kind = 'assigned'
        and event_payloads.after = '{"assignee_id": ' || cast(assignees.id as varchar) || '}'
where
    events.conversation_id = any($family::bigint[])
    and coalesce((
        select max(conversations.mailbox_id)
        from conversations
        where conversations.id = any($family::bigint[])
    ), events.mailbox_id) = any($mailboxes)
order by events.event_id;

-- name: touched_since
-- Whether anything happened to it after this event that changes what an agent sees.
select 1
from events
where
    conversation_id = any($family::bigint[])
    and event_id > $event_id
    and kind not in (select unnest($quiet::varchar[]))
order by event_id
limit 1;
