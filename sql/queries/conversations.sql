-- name: mailbox_of
select mailbox_id
from conversations
where id = $conversation_id;

-- name: by_id
-- Left joins on purpose: an inner join pushes a filter down that keeps the key from being used.
-- What leaves and what is drafted is asked of this conversation alone: see `members`.
select
    conversations.id,
    conversations.mailbox_id,
    mailboxes.name as mailbox_name,
    mailboxes.address as mailbox_address,
    conversations.contact_id,
    conversations.contact_name,
    conversations.contact_address,
    conversations.subject,
    conversations.status,
    conversations.assignee_id,
    agents.name as assignee_name,
    conversations.created_at,
    conversations.last_message_at,
    conversations.waiting_since,
    conversations.closed_at,
    conversations.spam_at,
    conversations.trashed_at,
    conversations.message_count,
    conversations.is_readable,
    conversations.alert,
    conversations.is_vip,
    coalesce(conversations.open_questions, 0) as open_questions,
    conversations.snoozed_until,
    coalesce(conversations.snooze_stays, false) as snooze_stays,
    coalesce(conversations.tags, '') as tags,
    exists(
        select follows.agent_id
        from follows
        left join conversations as followed
            on follows.conversation_id = followed.id
        where
            follows.agent_id = $agent_id
            and $conversation_id in (followed.id, followed.merged_into)
    ) as is_followed,
    exists(
        select outbox.id
        from outbox
        where
            outbox.conversation_id = $conversation_id
            and outbox.state <> 'cancelled'
    ) as has_outgoing,
    exists(
        select drafts.id
        from drafts
        where
            drafts.conversation_id = $conversation_id
            and drafts.state = 'open'
    ) as has_drafts,
    coalesce(reads.seen_message_id = 0, false) or (
        conversations.status = 'open'
        and coalesce(conversations.last_message_id, 0) > coalesce(reads.seen_message_id, 0)
    ) as is_unread,
    conversations.begun_by,
    conversations.merged_into,
    (
        select array_agg(members.id order by members.id)
        from conversations as members
        where members.merged_into = $conversation_id
    ) as members
from conversations
left join mailboxes
    on conversations.mailbox_id = mailboxes.id
left join agents
    on conversations.assignee_id = agents.id
left join reads
    on
        conversations.id = reads.conversation_id
        and reads.agent_id = $agent_id
where conversations.id = $conversation_id;

-- name: claim
-- The where clause is the lock: a second claimant updates no row.
update conversations
set assignee_id = $agent_id
where
    id = $conversation_id
    and assignee_id is null;

-- name: claimed_with
-- The claim that one Send made in the same action, if nobody has touched it since.
select
    claimed.conversation_id,
    claimed.mailbox_id
from events as queued
inner join events as claimed
    on
        queued.action_id = claimed.action_id
        and claimed.kind = 'claimed'
inner join conversations
    on
        claimed.conversation_id = conversations.id
        and conversations.assignee_id = $agent_id
where
    queued.conversation_id = any($family::bigint[])
    and queued.kind = 'queued'
    and queued.message_id = $message_id
    and claimed.conversation_id = any($family::bigint[])
    and not exists (
        select later.event_id
        from events as later
        where
            later.conversation_id = any($family::bigint[])
            and later.event_id > claimed.event_id
            and later.kind in ('claimed', 'assigned', 'released', 'merged', 'unmerged')
    );

-- name: assign
update conversations
set assignee_id = $assignee_id
where id = $conversation_id;

-- name: close
update conversations
set
    status = 'closed',
    closed_at = $now,
    waiting_since = null
where id = $conversation_id;

-- name: reopen
update conversations
set
    status = 'open',
    closed_at = null
where id = $conversation_id;

-- name: before_close
-- How it stood before it was closed last.
select event_payloads.before
from events
left join event_payloads
    on events.event_id = event_payloads.event_id
where
    events.conversation_id = any($family::bigint[])
    and events.kind = 'closed'
order by events.event_id desc
limit 1;

-- name: set_waiting
update conversations
set waiting_since = $waiting_since
where id = $conversation_id;

-- name: mark_spam
update conversations
set spam_at = $now
where id = $conversation_id;

-- name: trash
update conversations
set trashed_at = $now
where id = $conversation_id;

-- name: restore
update conversations
set
    spam_at = case when trashed_at is not null then spam_at end,
    trashed_at = null
where id = $conversation_id;

-- name: set_alert
update conversations
set alert = $alert
where id = $conversation_id;

-- name: clear_alert
-- Only this one: what else shouts there has not been seen yet.
update conversations
set alert = null
where
    id = $conversation_id
    and alert = $alert;

-- name: opened_since
-- The conversation that stands for it, its mailbox, and whether this agent opened it since then.
select
    coalesce(conversations.merged_into, conversations.id) as id,
    conversations.mailbox_id,
    exists(
        select 1
        from events
        where
            events.conversation_id = $conversation_id
            and events.actor_kind = 'agent'
            and events.actor_id = $agent_id
            and events.kind = 'opened'
            and events.occurred_at >= $since
    ) as is_known
from conversations
where conversations.id = $conversation_id;
