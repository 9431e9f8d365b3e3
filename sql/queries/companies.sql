-- name: name_of
select name
from companies
where
    mailbox_id = $mailbox_id
    and domain = $domain;

-- name: domain_of
select domain
from companies
where
    mailbox_id = $mailbox_id
    and lower(name) = lower($name)
order by id
limit 1;

-- name: name_anew
insert into companies (mailbox_id, domain, name, named_at)
values ($mailbox_id, $domain, $name, $now);

-- name: rename
update companies
set
    name = $name,
    named_at = $now
where
    mailbox_id = $mailbox_id
    and domain = $domain;

-- name: forget
delete from companies
where
    mailbox_id = $mailbox_id
    and domain = $domain;
