-- name: unsettled
-- Mail that has still to leave, or whose copy has, or of which nobody knows whether it arrived.
select count(*) > 0
from outbox
where
    conversation_id = any($family::bigint[])
    and (
        state not in ('sent', 'cancelled')
        or copy_state = 'due'
    );

-- name: contents
select
    count(*) filter (where messages.direction <> 'note') as mails,
    count(*) filter (where messages.direction = 'note') as notes,
    (
        select count(*)
        from attachments
        where
            attachments.conversation_id = any($family::bigint[])
            and not attachments.is_inline
    ) as files,
    (
        select count(*)
        from drafts
        where
            drafts.conversation_id = any($family::bigint[])
            and drafts.state = 'open'
    ) as drafts
from messages
where messages.conversation_id = any($family::bigint[]);

-- name: messages
select
    id,
    raw_sha256,
    identity,
    rfc_message_id,
    direction
from messages
where conversation_id = any($family::bigint[])
order by id;

-- name: places
-- Where bytes of these mails lie: as they came, in pieces first perhaps, and as they left.
select
    sha256,
    segment,
    position,
    size_bytes
from raw_messages
where message_id in (select unnest($messages::bigint[]))
union
select
    raw_sha256,
    segment,
    position,
    size_bytes
from outbox
where
    conversation_id = any($family::bigint[])
    or id = any($digests::bigint[]);

-- name: digests
-- Mail of the house itself that names one of these. One that is leaving right now is out of reach.
select outbox.id
from outbox
where
    outbox.kind = 'system'
    and outbox.state <> 'sending'
    and exists (
        select 1
        from conversations
        where
            conversations.id = any($family::bigint[])
            and strpos(outbox.body_html, '?c=' || conversations.id || '"') > 0
    );

-- name: mail_again
-- What else stood in a digest that has not left comes with the next.
update notifications
set mailed_at = null
where
    seen_at is null
    and exists (
        select 1
        from outbox
        inner join outbox_recipients
            on outbox.id = outbox_recipients.outbox_id
        inner join agents
            on lower(outbox_recipients.address) = lower(agents.email)
        where
            outbox.id = any($digests::bigint[])
            and outbox.state = 'queued'
            and outbox.queued_at = notifications.mailed_at
            and agents.id = notifications.agent_id
    );

-- name: files
select attachments.sha256
from attachments
where attachments.conversation_id = any($family::bigint[])
union
select draft_attachments.sha256
from draft_attachments
inner join drafts
    on draft_attachments.draft_id = drafts.id
where drafts.conversation_id = any($family::bigint[]);

-- name: places_of
select
    sha256,
    segment,
    position,
    size_bytes
from raw_messages
where id in (select unnest($ids::bigint[]));

-- name: remember
insert into erased_mail
select
    $mailbox_id,
    unnest($digests::varchar[]),
    $now;

-- name: is_erased
select digest
from erased_mail
where
    mailbox_id = $mailbox_id
    and digest in (select unnest($digests::varchar[]));

-- name: want_gone
insert into bytes_to_erase
select
    unnest($kinds::varchar[]),
    unnest($digests::varchar[]),
    unnest($segments::integer[]),
    unnest($positions::bigint[]),
    unnest($sizes::bigint[]);

-- name: forget_raw
-- The row stays, so that this place on the server counts as read.
update raw_messages
set
    state = 'erased',
    message_id = null,
    error = null
where message_id in (select unnest($messages::bigint[]));

-- name: forget_bodies
delete from bodies
where conversation_id = any($family::bigint[]);

-- name: forget_words
delete from search_keys
where conversation_id = any($family::bigint[]);

-- name: forget_attachments
delete from attachments
where conversation_id = any($family::bigint[]);

-- name: forget_bounces
delete from bounces
where conversation_id = any($family::bigint[]);

-- name: forget_references
delete from message_references
where conversation_id = any($family::bigint[]);

-- name: forget_recipients
delete from outbox_recipients
where outbox_id in (
    select id
    from outbox
    where
        conversation_id = any($family::bigint[])
        or id = any($digests::bigint[])
);

-- name: forget_outbox
delete from outbox
where
    conversation_id = any($family::bigint[])
    or id = any($digests::bigint[]);

-- name: forget_uploads
delete from draft_attachments
where draft_id in (
    select id
    from drafts
    where conversation_id = any($family::bigint[])
);

-- name: forget_drafts
delete from drafts
where conversation_id = any($family::bigint[]);

-- name: forget_tags
delete from conversation_tags
where conversation_id = any($family::bigint[]);

-- name: forget_follows
delete from follows
where conversation_id = any($family::bigint[]);

-- name: forget_reads
delete from reads
where conversation_id = any($family::bigint[]);

-- name: forget_notifications
delete from notifications
where conversation_id = any($family::bigint[]);

-- name: forget_stops
delete from stopped_answers
where conversation_id = any($family::bigint[]);

-- name: forget_lapses
delete from lapsed_claims
where conversation_id = any($family::bigint[]);

-- name: forget_merges
delete from merge_links
where
    conversation_id = any($family::bigint[])
    or into_id = any($family::bigint[]);

-- name: forget_moves
delete from moves
where conversation_id = any($family::bigint[]);

-- name: forget_splits
delete from splits
where
    conversation_id = any($family::bigint[])
    or from_id = any($family::bigint[]);

-- name: forget_intended
delete from intended_pairs
where second_message_id in (select unnest($messages::bigint[]));

-- name: forget_steps
delete from steps
where conversation_id = any($family::bigint[]);

-- name: forget_turns
delete from turns
where conversation_id = any($family::bigint[]);

-- name: forget_pairs
delete from pairs
where conversation_id = any($family::bigint[]);

-- name: forget_stands
delete from stands
where conversation_id = any($family::bigint[]);

-- name: forget_payloads
delete from event_payloads
where event_id in (
    select event_id
    from events
    where conversation_id = any($family::bigint[])
);

-- name: forget_messages
delete from messages
where conversation_id = any($family::bigint[]);

-- name: forget_conversations
delete from conversations
where id = any($family::bigint[]);

-- name: long_in_trash
-- Whole conversations that can go; what has mail on its way stays until that is settled.
select
    conversations.id,
    conversations.mailbox_id
from conversations
where
    conversations.trashed_at <= $before
    and conversations.merged_into is null
    and not exists (
        select 1
        from outbox
        inner join conversations as members
            on outbox.conversation_id = members.id
        where
            coalesce(members.merged_into, members.id) = conversations.id
            and (
                outbox.state not in ('sent', 'cancelled')
                or outbox.copy_state = 'due'
            )
    )
order by conversations.trashed_at, conversations.id
limit $most;

-- name: bytes
select
    kind,
    sha256,
    segment,
    position,
    size_bytes
from bytes_to_erase
order by sha256;

-- name: raw_in_use
-- The same bytes may stand for a mail that is not erased: of another folder, or sent by us.
select
    exists (
        select 1
        from raw_messages
        where
            segment = $segment
            and position = $position
            and state <> 'erased'
    )
    or exists (
        select 1
        from outbox
        where
            segment = $segment
            and position = $position
    ) as is_so;

-- name: file_in_use
select
    exists (
        select 1
        from attachments
        where sha256 = $sha256
    )
    or exists (
        select 1
        from draft_attachments
        where sha256 = $sha256
    )
    or exists (
        select 1
        from outbox
        where strpos(attachments, $sha256) > 0
    ) as is_so;

-- name: bytes_gone
delete from bytes_to_erase
where
    kind = $kind
    and sha256 = $sha256
    and segment is not distinct from $segment
    and position is not distinct from $position;
