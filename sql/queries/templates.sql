-- name: of_viewer
select
    id,
    mailbox_id,
    folder,
    name,
    body,
    effects,
    uses,
    used_at
from templates
where
    deleted_at is null
    and (mailbox_id is null or mailbox_id = any($mailboxes))
order by
    uses desc,
    name asc,
    id asc;

-- name: by_id
select
    id,
    mailbox_id,
    folder,
    name,
    body,
    effects,
    uses,
    used_at
from templates
where
    id = $template_id
    and deleted_at is null;

-- name: create
insert into templates (mailbox_id, folder, name, body, effects, uses, created_at)
values ($mailbox_id, $folder, $name, $body, $effects, 0, $now)
returning id;

-- name: change
update templates
set
    folder = $folder,
    name = $name,
    body = $body,
    effects = $effects
where id = $template_id;

-- name: remove
update templates
set deleted_at = $now
where id = $template_id;

-- name: use
update templates
set
    uses = uses + 1,
    used_at = $now
where id = $template_id;
