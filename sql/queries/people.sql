-- name: everyone
select
    id,
    name,
    email,
    is_admin,
    is_active,
    password_hash is not null as has_joined
from agents
order by is_active desc, name asc, id asc;

-- name: memberships
select
    agent_id,
    mailbox_id,
    role,
    sends
from memberships
order by agent_id, mailbox_id;

-- name: by_email
select id
from agents
where email = $email;

-- name: mailbox
select id
from mailboxes
where id = $mailbox_id;

-- name: add
insert into agents (email, name, is_admin, is_active, signature, created_at)
values ($email, $name, $is_admin, true, '', $now);

-- name: add_to_mailbox
insert into memberships (mailbox_id, agent_id, role, sends)
values ($mailbox_id, $agent_id, $role, $sends);

-- name: remove_from_mailbox
delete from memberships
where
    agent_id = $agent_id
    and mailbox_id = $mailbox_id;

-- name: set_admin
update agents
set is_admin = $is_admin
where id = $agent_id;

-- name: other_admins
-- Only who can sign in counts: an invited admin who never came cannot let people in.
select count(*)
from agents
where
    is_admin
    and is_active
    and password_hash is not null
    and id <> $agent_id;

-- name: deactivate
update agents
set
    is_active = false,
    is_admin = false,
    deactivated_at = $now
where id = $agent_id;

-- name: reactivate
update agents
set
    is_active = true,
    deactivated_at = null
where id = $agent_id;

-- name: set_profile
update agents
set
    name = $name,
    signature = $signature
where id = $agent_id;

-- name: set_preferences
update agents
set
    language = $language,
    time_zone = $time_zone
where id = $agent_id;

-- name: set_name
update agents
set name = $name
where id = $agent_id;

-- name: set_password
update agents
set password_hash = $password_hash
where id = $agent_id;

-- name: void_links
update invitations
set used_at = $now
where
    agent_id = $agent_id
    and used_at is null;
