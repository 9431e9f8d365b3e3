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

-- name: signs
select
    id,
    address,
    name
from mailboxes
where id = any($mailboxes)
order by name, id;
