-- name: reserve
select nextval('raw_ids')
from range($count);

-- name: add
insert into raw_messages (
    id, mailbox_id, folder, uidvalidity, uid, sha256, head_sha256, segment, position, size_bytes,
    server_date, fetched_at, state, message_id, error
)
select
    unnest($id::bigint[]),
    $mailbox_id,
    $folder,
    $uidvalidity,
    unnest($uid::bigint[]),
    unnest($sha256::varchar[]),
    unnest($head_sha256::varchar[]),
    unnest($segment::integer[]),
    unnest($position::bigint[]),
    unnest($size_bytes::bigint[]),
    unnest($server_date::timestamp[]),
    $now,
    unnest($state::varchar[]),
    unnest($message_id::bigint[]),
    unnest($error::varchar[]);

-- name: uids
select uid
from raw_messages
where
    mailbox_id = $mailbox_id
    and folder = $folder
    and uidvalidity = $uidvalidity
    and uid in (select unnest($uids::bigint[]));

-- name: earlier_generations
select count(*)
from raw_messages
where
    mailbox_id = $mailbox_id
    and folder = $folder
    and uidvalidity <> $uidvalidity;

-- name: by_head
select
    head_sha256,
    sha256,
    segment,
    position,
    size_bytes,
    message_id,
    case when state = 'too_big' then 'too_big' else 'known' end as state,
    case when state = 'too_big' then error end as error
from raw_messages
where
    mailbox_id = $mailbox_id
    and message_id is not null
    and state not in ('unreadable', 'incomplete', 'wanted')
    and head_sha256 in (select unnest($heads::varchar[]))
order by id;

-- name: digests
select sha256
from raw_messages
where
    mailbox_id = $mailbox_id
    and sha256 in (select unnest($digests::varchar[]));

-- name: pending
select
    raw_messages.id,
    raw_messages.folder,
    raw_messages.uidvalidity,
    raw_messages.sha256,
    raw_messages.segment,
    raw_messages.position,
    raw_messages.size_bytes,
    raw_messages.server_date,
    raw_messages.error,
    raw_messages.message_id,
    coalesce(folders.kind, raw_messages.folder) as kind
from raw_messages
left join folders
    on
        raw_messages.mailbox_id = folders.mailbox_id
        and raw_messages.folder = folders.folder
where
    raw_messages.mailbox_id = $mailbox_id
    and raw_messages.state = 'stored'
    and raw_messages.id > $after
order by raw_messages.id
limit $most;

-- name: waiting
-- Those of the mails that are still to be filed.
select id
from raw_messages
where
    id in (select unnest($ids::bigint[]))
    and state = 'stored';

-- name: not_whole
-- Mails of a folder that are to be fetched again: those somebody asked for, and those that came
-- in pieces (of the last days, or all). Under another UIDVALIDITY the server knows them no more.
select
    id,
    uid,
    message_id,
    state,
    uidvalidity = $uidvalidity as is_known
from raw_messages
where
    mailbox_id = $mailbox_id
    and folder = $folder
    and (uidvalidity = $uidvalidity or state = 'wanted')
    and message_id is not null
    and (
        state = 'wanted'
        or (
            state = 'incomplete'
            and ($since::timestamp is null or fetched_at >= $since::timestamp)
        )
    )
order by uid;

-- name: give_up
update raw_messages
set
    state = 'incomplete',
    error = $error
where id = $id;

-- name: replace
update raw_messages
set
    sha256 = $sha256,
    head_sha256 = $head_sha256,
    segment = $segment,
    position = $position,
    size_bytes = $size_bytes,
    server_date = coalesce(server_date, $server_date),
    state = 'stored',
    error = null
where id = $id;

-- name: of_folder
select
    uid,
    gone_at is not null as is_gone
from raw_messages
where
    mailbox_id = $mailbox_id
    and folder = $folder
    and uidvalidity = $uidvalidity;

-- name: set_gone
update raw_messages
set gone_at = $gone_at
where
    mailbox_id = $mailbox_id
    and folder = $folder
    and uidvalidity = $uidvalidity
    and uid in (select unnest($uids::bigint[]));

-- name: unread
select
    messages.conversation_id,
    messages.mailbox_id,
    messages.is_readable,
    coalesce(mailboxes.is_active and mailboxes.imap_url is not null, false) as can_fetch,
    coalesce(bool_or(raw_messages.state = 'unreadable'), false) as is_here,
    coalesce(bool_or(raw_messages.state in ('stored', 'wanted')), false) as is_under_way,
    coalesce(bool_or(raw_messages.state in ('too_big', 'incomplete')), false) as is_missing
from messages
inner join mailboxes
    on messages.mailbox_id = mailboxes.id
left join raw_messages
    on messages.id = raw_messages.message_id
where messages.id = $message_id
group by
    messages.conversation_id, messages.mailbox_id, messages.is_readable, mailboxes.is_active,
    mailboxes.imap_url;

-- name: ask_again
-- What is here whole is parsed again; the rest is wanted from the server.
update raw_messages
set
    state = case when state = 'unreadable' then 'stored' else 'wanted' end,
    error = case when state = 'unreadable' then null else error end
where
    message_id = $message_id
    and state in ('unreadable', 'too_big', 'incomplete');
