-- name: by_name
select
    uidvalidity,
    last_uid,
    last_full_scan,
    reconciled_at,
    coalesce(left_out, 0) as left_out
from folders
where
    mailbox_id = $mailbox_id
    and folder = $folder;

-- name: add
insert into folders (mailbox_id, folder, kind, uidvalidity, last_uid, server_count)
values ($mailbox_id, $folder, $kind, $uidvalidity, 0, $server_count);

-- name: begin_generation
update folders
set
    uidvalidity = $uidvalidity,
    last_uid = 0,
    last_full_scan = null,
    reconciled_at = null,
    left_out = null
where
    mailbox_id = $mailbox_id
    and folder = $folder;

-- name: advance
update folders
set last_uid = greatest(last_uid, $last_uid)
where
    mailbox_id = $mailbox_id
    and folder = $folder
    and uidvalidity = $uidvalidity;

-- name: scanned
update folders
set
    kind = $kind,
    last_uid = greatest(last_uid, $last_uid),
    server_count = $server_count,
    last_full_scan = $now
where
    mailbox_id = $mailbox_id
    and folder = $folder;

-- name: reconciled
update folders
set
    server_count = $server_count,
    left_out = $left_out,
    reconciled_at = $now
where
    mailbox_id = $mailbox_id
    and folder = $folder;

-- name: counts
with stored as (
    select
        count(*) as mails,
        count(*) filter (
            where state in ('unreadable', 'too_big', 'incomplete', 'wanted')
        ) as unreadable
    from raw_messages
    where
        mailbox_id = $mailbox_id
        and folder = $folder
        and uidvalidity = $uidvalidity
        and gone_at is null
)

select
    folders.server_count,
    stored.mails,
    stored.unreadable
from folders
cross join stored
where
    folders.mailbox_id = $mailbox_id
    and folders.folder = $folder;

-- name: passed
update folders
set good_pass_at = $now
where
    mailbox_id = $mailbox_id
    and kind = 'inbox';
