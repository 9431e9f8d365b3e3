-- name: by_id
select
    agents.id,
    agents.name,
    agents.email,
    agents.is_admin,
    agents.signature,
    agents.language,
    agents.time_zone,
    agents.notify,
    memberships.mailbox_id,
    memberships.role,
    memberships.sends,
    mailboxes.name as mailbox_name,
    mailboxes.address as mailbox_address
from agents
left join memberships
    on agents.id = memberships.agent_id
left join mailboxes
    on memberships.mailbox_id = mailboxes.id
where
    agents.id = $agent_id
    and agents.is_active
order by memberships.mailbox_id;

-- name: by_session
select
    agents.id,
    agents.name,
    agents.email,
    agents.is_admin,
    agents.signature,
    agents.language,
    agents.time_zone,
    agents.notify,
    memberships.mailbox_id,
    memberships.role,
    memberships.sends,
    mailboxes.name as mailbox_name,
    mailboxes.address as mailbox_address
from sessions
inner join agents
    on sessions.agent_id = agents.id
left join memberships
    on agents.id = memberships.agent_id
left join mailboxes
    on memberships.mailbox_id = mailboxes.id
where
    sessions.token_digest = $token_digest
    and sessions.revoked_at is null
    and sessions.expires_at > $now
    and agents.is_active
order by memberships.mailbox_id;

-- name: colleagues
select
    agents.id,
    agents.name
from agents
inner join memberships
    on agents.id = memberships.agent_id
where
    memberships.mailbox_id = $mailbox_id
    and memberships.role <> 'reader'
    and agents.is_active
order by agents.name, agents.id;

-- name: members
select
    agents.id,
    agents.name,
    agents.email
from agents
inner join memberships
    on agents.id = memberships.agent_id
where
    memberships.mailbox_id = $mailbox_id
    and agents.is_active
order by agents.name, agents.id;
