-- name: known
-- Mails of the mailbox, and of whatever conversation has left it or is one with such a one.
select
    id,
    conversation_id,
    raw_sha256,
    identity,
    rfc_message_id,
    direction
from messages
where
    (
        mailbox_id = $mailbox_id
        or conversation_id in (
            select members.id
            from conversations as members
            where
                coalesce(members.merged_into, members.id) in (
                    select coalesce(moved.merged_into, moved.id)
                    from moves
                    inner join conversations as moved
                        on moves.conversation_id = moved.id
                    where
                        moves.from_id = $mailbox_id
                        and moves.undone_at is null
                )
        )
    )
    and (
        raw_sha256 in (select unnest($digests::varchar[]))
        or identity in (select unnest($identities::varchar[]))
        or rfc_message_id in (select unnest($ids::varchar[]))
    );

-- name: ours
select
    id,
    rfc_message_id,
    state,
    conversation_id,
    message_id
from outbox
where
    (
        mailbox_id = $mailbox_id
        or conversation_id in (
            select members.id
            from conversations as members
            where
                coalesce(members.merged_into, members.id) in (
                    select coalesce(moved.merged_into, moved.id)
                    from moves
                    inner join conversations as moved
                        on moves.conversation_id = moved.id
                    where
                        moves.from_id = $mailbox_id
                        and moves.undone_at is null
                )
        )
    )
    and rfc_message_id in (select unnest($ids::varchar[]));

-- name: agents
select
    email,
    id
from agents
where is_active;

-- name: reserve
select nextval('conversation_ids')
from range($count);

-- name: standing
select
    id,
    mailbox_id,
    contact_id,
    contact_name,
    contact_address,
    subject,
    snippet,
    status,
    created_at,
    last_message_at,
    last_reply_at,
    waiting_since,
    closed_at,
    trashed_at,
    snoozed_until,
    message_count,
    attachment_count,
    is_readable,
    alert,
    spam_at,
    coalesce(snooze_stays, false) as snooze_stays,
    last_message_id,
    last_reply_agent_id
from conversations
where id in (select unnest($conversation_ids::bigint[]));

-- name: customer_times
-- Of these conversations and of what was merged into them.
select
    coalesce(conversations.merged_into, conversations.id) as conversation_id,
    messages.sent_at
from messages
inner join conversations
    on messages.conversation_id = conversations.id
where
    coalesce(conversations.merged_into, conversations.id)
    in (select unnest($conversation_ids::bigint[]))
    and messages.direction = 'in'
    and not messages.is_auto
    and not messages.is_bounce;

-- name: begin
insert into conversations (
    id, mailbox_id, contact_id, contact_name, contact_address, subject, snippet, status,
    created_at, last_message_at, last_reply_at, waiting_since, closed_at, message_count,
    attachment_count, is_readable, alert, spam_at, last_message_id, last_reply_agent_id
)
select
    unnest($id::bigint[]),
    $mailbox_id,
    unnest($contact_id::bigint[]),
    unnest($contact_name::varchar[]),
    unnest($contact_address::varchar[]),
    unnest($subject::varchar[]),
    unnest($snippet::varchar[]),
    unnest($status::varchar[]),
    unnest($created_at::timestamp[]),
    unnest($last_message_at::timestamp[]),
    unnest($last_reply_at::timestamp[]),
    unnest($waiting_since::timestamp[]),
    unnest($closed_at::timestamp[]),
    unnest($message_count::integer[]),
    unnest($attachment_count::integer[]),
    unnest($is_readable::boolean[]),
    unnest($alert::varchar[]),
    unnest($spam_at::timestamp[]),
    unnest($last_message_id::bigint[]),
    unnest($last_reply_agent_id::bigint[]);

-- name: advance
update conversations
set
    snippet = news.snippet,
    status = news.status,
    created_at = news.created_at,
    last_message_at = news.last_message_at,
    last_reply_at = news.last_reply_at,
    waiting_since = news.waiting_since,
    closed_at = news.closed_at,
    trashed_at = news.trashed_at,
    spam_at = news.spam_at,
    snoozed_until = news.snoozed_until,
    message_count = news.message_count,
    attachment_count = news.attachment_count,
    is_readable = news.is_readable,
    alert = news.alert,
    last_message_id = news.last_message_id,
    last_reply_agent_id = news.last_reply_agent_id
from (
    select
        unnest($id::bigint[]) as id,
        unnest($snippet::varchar[]) as snippet,
        unnest($status::varchar[]) as status,
        unnest($created_at::timestamp[]) as created_at,
        unnest($last_message_at::timestamp[]) as last_message_at,
        unnest($last_reply_at::timestamp[]) as last_reply_at,
        unnest($waiting_since::timestamp[]) as waiting_since,
        unnest($closed_at::timestamp[]) as closed_at,
        unnest($trashed_at::timestamp[]) as trashed_at,
        unnest($spam_at::timestamp[]) as spam_at,
        unnest($snoozed_until::timestamp[]) as snoozed_until,
        unnest($message_count::integer[]) as message_count,
        unnest($attachment_count::integer[]) as attachment_count,
        unnest($is_readable::boolean[]) as is_readable,
        unnest($alert::varchar[]) as alert,
        unnest($last_message_id::bigint[]) as last_message_id,
        unnest($last_reply_agent_id::bigint[]) as last_reply_agent_id
) as news
where conversations.id = news.id;

-- name: bounce
-- A corrected address and one the server put off have rows of their own under one Message-ID.
update outbox_recipients
set
    state = 'bounced',
    answer = $answer
where
    lower(address) = $address
    and state <> 'corrected'
    and outbox_id in (
        select other.id
        from outbox as named
        inner join outbox as other
            on
                named.mailbox_id = other.mailbox_id
                and named.rfc_message_id = other.rfc_message_id
        where named.id = $outbox_id
    );

-- name: settle_raw
update raw_messages
set
    state = news.state,
    message_id = news.message_id,
    error = news.error
from (
    select
        unnest($ids::bigint[]) as id,
        unnest($states::varchar[]) as state,
        unnest($message_ids::bigint[]) as message_id,
        unnest($errors::varchar[]) as error
) as news
where raw_messages.id = news.id;

-- name: lately_waiting
-- Imported conversations nobody here has touched, in which the customer spoke last.
with members as (
    select
        id,
        coalesce(merged_into, id) as family_id
    from conversations
)

select
    conversations.id,
    min(messages.sent_at) filter (
        where
        messages.direction = 'in'
        and not messages.is_auto
        and not messages.is_bounce
        and messages.sent_at > coalesce(conversations.last_reply_at, timestamp '1900-01-01')
    ) as waiting_since
from messages
inner join members
    on messages.conversation_id = members.id
inner join conversations
    on members.family_id = conversations.id
where
    conversations.mailbox_id = $mailbox_id
    and conversations.status = 'closed'
    and conversations.closed_at = conversations.last_message_at
    and conversations.last_message_at >= $since
    and not exists (
        select events.event_id
        from events
        inner join members as told
            on events.conversation_id = told.id
        where
            told.family_id = conversations.id
            and events.actor_kind = 'agent'
    )
group by conversations.id
having
    bool_and(messages.via = 'import')
    and waiting_since is not null
order by conversations.id;

-- name: open_imported
update conversations
set
    status = 'open',
    closed_at = null,
    waiting_since = news.waiting_since
from (
    select
        unnest($ids::bigint[]) as id,
        unnest($waiting::timestamp[]) as waiting_since
) as news
where conversations.id = news.id;

-- name: introduce
-- The other side of a conversation that began with a mail nobody could read.
update conversations
set
    contact_id = $contact_id,
    contact_name = $contact_name,
    contact_address = $contact_address,
    subject = $subject
where id = $conversation_id;
