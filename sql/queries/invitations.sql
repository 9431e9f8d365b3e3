-- name: admins
select count(*)
from agents
where
    is_admin
    and is_active
    and password_hash is not null;

-- name: void_set_up
update invitations
set used_at = $now
where
    kind = 'setup'
    and used_at is null;

-- name: add
insert into invitations (kind, agent_id, token_digest, created_at, expires_at)
values ($kind, $agent_id, $token_digest, $now, $expires_at);

-- name: who_forgot
select id
from agents
where
    email = $email
    and is_active
    and password_hash is not null;

-- name: by_digest
select
    invitations.id,
    invitations.kind,
    invitations.agent_id,
    invitations.token_digest,
    coalesce(agents.name, '') as name,
    coalesce(agents.email, '') as email
from invitations
left join agents
    on invitations.agent_id = agents.id
where
    invitations.token_digest = $token_digest
    and invitations.used_at is null
    and invitations.expires_at > $now
    and (invitations.agent_id is null or agents.is_active);

-- name: use
update invitations
set used_at = $now
where id = $invitation_id;
