-- name: known
select
    address,
    id
from contacts
where
    mailbox_id = $mailbox_id
    and address in (select unnest($addresses::varchar[]));

-- name: add
insert into contacts (mailbox_id, address, name, created_at)
select
    $mailbox_id,
    unnest($addresses::varchar[]),
    unnest($names::varchar[]),
    $now;
