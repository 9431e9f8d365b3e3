-- name: of_viewer
select
    id,
    agent_id,
    mailbox_id,
    title,
    query
from saved_views
where
    deleted_at is null
    and case
        when mailbox_id is null then agent_id = $agent_id
        else mailbox_id = any($mailboxes)
    end
order by
    title,
    id;

-- name: create
insert into saved_views (agent_id, mailbox_id, title, query, created_at)
values ($agent_id, $mailbox_id, $title, $address, $now)
returning id;

-- name: rename
update saved_views
set title = $title
where id = $view_id;

-- name: remove
update saved_views
set deleted_at = $now
where id = $view_id;
