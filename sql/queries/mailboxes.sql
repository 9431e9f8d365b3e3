-- name: every
select
    mailboxes.*,
    '[' || coalesce(
        (
            select string_agg('"' || aliases.address || '"', ',' order by aliases.address)
            from aliases
            where aliases.mailbox_id = mailboxes.id
        ), ''
    ) || ']' as aliases
from mailboxes
order by mailboxes.id;

-- name: by_id
select
    mailboxes.*,
    '[' || coalesce(
        (
            select string_agg('"' || aliases.address || '"', ',' order by aliases.address)
            from aliases
            where aliases.mailbox_id = mailboxes.id
        ), ''
    ) || ']' as aliases
from mailboxes
where mailboxes.id = $mailbox_id;

-- name: add
insert into mailboxes (
    address, name, imap_url, smtp_url, auth, secret, token_command, signature, save_sent,
    sent_folder, folders, poll_seconds, calendar, is_active, created_at, import_since
)
values (
    $address, $name, $imap_url, $smtp_url, $auth, $secret, $token_command, $signature, $save_sent,
    $sent_folder, $folders, $poll_seconds, $calendar, true, $now, $import_since
)
returning id;

-- name: give_managers
insert into memberships
select
    $mailbox_id,
    id,
    'manager',
    'as'
from agents
where
    is_active
    and (id = $agent_id or ($agent_id::bigint is null and is_admin))
    and id not in (
        select agent_id
        from memberships
        where mailbox_id = $mailbox_id
    );

-- name: set_aliases
insert into aliases
select
    $mailbox_id,
    unnest($addresses::varchar[]);

-- name: drop_aliases
delete from aliases
where mailbox_id = $mailbox_id;

-- name: configure
update mailboxes
set
    imap_url = $imap_url,
    smtp_url = $smtp_url,
    auth = $auth,
    token_command = $token_command,
    save_sent = $save_sent,
    sent_folder = $sent_folder,
    folders = $folders,
    poll_seconds = $poll_seconds,
    calendar = $calendar
where id = $mailbox_id;

-- name: set_secret
update mailboxes
set secret = $secret
where id = $mailbox_id;

-- name: set_signature
update mailboxes
set signature = $signature
where id = $mailbox_id;

-- name: rename
update mailboxes
set name = $name
where id = $mailbox_id;

-- name: set_active
update mailboxes
set is_active = $is_active
where id = $mailbox_id;
