-- name: make
-- Those of these agents who are told of this kind; nobody is told of what they did themselves.
insert into notifications (
    agent_id, mailbox_id, conversation_id, message_id, kind, actor_id, made_at, how_many
)
select
    agents.id,
    $mailbox_id,
    $conversation_id,
    $message_id,
    $kind,
    $actor_id,
    $now,
    $how_many
from agents
where
    agents.id = any($agent_ids::bigint[])
    and agents.id <> $actor_id
    and agents.is_active
    and agents.notify like '%' || $wish || '%';

-- name: of_answers
-- A customer answered: whoever has the conversation or follows it is told, once.
insert into notifications (
    agent_id, mailbox_id, conversation_id, message_id, kind, actor_id, made_at
)
select
    agents.id as agent_id,
    conversations.mailbox_id,
    conversations.id as conversation_id,
    max(answers.message_id),
    'answered',
    null,
    $now
from (
    select
        unnest($conversation_ids::bigint[]) as conversation_id,
        unnest($message_ids::bigint[]) as message_id
) as answers
inner join conversations
    on answers.conversation_id = conversations.id
inner join agents
    on
        conversations.assignee_id = agents.id
        or exists (
            select 1
            from follows
            where
                follows.conversation_id = conversations.id
                and follows.agent_id = agents.id
        )
inner join memberships
    on
        agents.id = memberships.agent_id
        and conversations.mailbox_id = memberships.mailbox_id
where
    agents.is_active
    and conversations.spam_at is null
    and conversations.trashed_at is null
    and agents.notify like '%answered%'
group by agents.id, conversations.mailbox_id, conversations.id;

-- name: unseen
select
    notifications.id,
    notifications.conversation_id,
    notifications.message_id,
    notifications.kind,
    coalesce(actors.name, '') as actor_name,
    coalesce(notifications.how_many, 1) as how_many,
    conversations.subject,
    conversations.contact_name,
    notifications.made_at
from notifications
inner join conversations
    on notifications.conversation_id = conversations.id
left join agents as actors
    on notifications.actor_id = actors.id
where
    notifications.agent_id = $agent_id
    and notifications.seen_at is null
    and notifications.mailbox_id = any($mailboxes)
order by notifications.id desc
limit $most;

-- name: see
update notifications
set seen_at = $now
where
    agent_id = $agent_id
    and seen_at is null
    and ($family::bigint[] is null or conversation_id in (select unnest($family::bigint[])));

-- name: set_wishes
update agents
set notify = $notify
where id = $agent_id;

-- name: wishes
select notify
from agents
where id = $agent_id;

-- name: to_mail
-- What nobody has looked at for a while and is to come by mail, with whom it is for.
select
    notifications.id,
    notifications.agent_id,
    agents.email,
    coalesce(agents.language, '') as language,
    agents.notify,
    notifications.conversation_id,
    notifications.kind,
    coalesce(actors.name, '') as actor_name,
    coalesce(notifications.how_many, 1) as how_many,
    conversations.subject
from notifications
inner join agents
    on notifications.agent_id = agents.id
inner join memberships
    on
        agents.id = memberships.agent_id
        and notifications.mailbox_id = memberships.mailbox_id
inner join conversations
    on notifications.conversation_id = conversations.id
left join agents as actors
    on notifications.actor_id = actors.id
where
    notifications.seen_at is null
    and notifications.mailed_at is null
    and notifications.made_at <= $before
    and agents.is_active
order by notifications.agent_id, notifications.id;

-- name: mailed
update notifications
set mailed_at = $now
where id = any($ids::bigint[]);
