-- name: idle
-- Claims whose customer waits, and whose assignee has done nothing there since then. Who has words
-- in a draft there or a mail on its way is at work.
select
    conversations.id,
    conversations.mailbox_id,
    conversations.assignee_id
from conversations
where
    conversations.status = 'open'
    and conversations.merged_into is null
    and conversations.spam_at is null
    and conversations.trashed_at is null
    and conversations.assignee_id is not null
    and conversations.waiting_since <= $since
    and conversations.snoozed_until is null
    and not exists (
        select events.event_id
        from events
        inner join conversations as members
            on events.conversation_id = members.id
        where
            coalesce(members.merged_into, members.id) = conversations.id
            and events.recorded_at > $since
            and (
                (
                    events.actor_kind = 'agent'
                    and events.actor_id = conversations.assignee_id
                )
                or events.kind in ('assigned', 'reopened', 'merged', 'unmerged')
            )
    )
    and not exists (
        select drafts.id
        from drafts
        inner join conversations as members
            on drafts.conversation_id = members.id
        where
            coalesce(members.merged_into, members.id) = conversations.id
            and drafts.agent_id = conversations.assignee_id
            and drafts.state = 'open'
            and (trim(drafts.body) <> '' or drafts.updated_at > $since)
    )
    and not exists (
        select outbox.id
        from outbox
        inner join conversations as members
            on outbox.conversation_id = members.id
        where
            coalesce(members.merged_into, members.id) = conversations.id
            and outbox.state in ('queued', 'sending', 'uncertain')
    )
order by conversations.id;

-- name: note
insert into lapsed_claims (mailbox_id, conversation_id, agent_id, lapsed_at)
values ($mailbox_id, $conversation_id, $agent_id, $now);

-- name: told
-- What an agent lost so and has not seen yet; not what she has again.
select
    lapsed_claims.id,
    lapsed_claims.lapsed_at,
    coalesce(conversations.merged_into, conversations.id) as conversation_id,
    conversations.subject
from lapsed_claims
inner join conversations
    on lapsed_claims.conversation_id = conversations.id
where
    lapsed_claims.agent_id = $agent_id
    and lapsed_claims.mailbox_id = any($mailboxes)
    and lapsed_claims.seen_at is null
    and conversations.assignee_id is distinct from $agent_id
order by lapsed_claims.id desc
limit $most;

-- name: see
update lapsed_claims
set seen_at = $now
where
    agent_id = $agent_id
    and seen_at is null
    and id <= $newest;
