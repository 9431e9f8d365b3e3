-- name: by_name
select
    uidvalidity,
    last_uid,
    last_full_scan
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
    last_full_scan = null
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

-- name: stored
select
    count(*) as stored,
    count(*) filter (
        where state in ('unreadable', 'too_big', 'incomplete', 'wanted')
    ) as unreadable
from raw_messages
where
    mailbox_id = $mailbox_id
    and folder = $folder
    and uidvalidity = $uidvalidity;

-- name: passed
update folders
set good_pass_at = $now
where
    mailbox_id = $mailbox_id
    and kind = 'inbox';
