-- name: begin
insert into mailboxes (
    address, name, auth, signature, save_sent, folders, poll_seconds, is_active, created_at
)
values ($address, $address, 'password', '', 'auto', '[]', 60, false, $now)
returning id;

-- name: of_address
select id
from mailboxes
where
    address = $address
    and not is_active
    and imap_url is null;

-- name: without_people
select id
from mailboxes
where id not in (select mailbox_id from memberships)
order by id;

-- name: take_over
update mailboxes
set
    name = $name,
    signature = $signature,
    import_since = $import_since,
    secret = $secret,
    is_active = true
where id = $mailbox_id;
