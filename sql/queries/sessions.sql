-- name: forget_old_guesses
delete from sign_in_guesses
where guessed_at <= $since;

-- name: tried
-- Called after forget_old_guesses, so every row lies inside the window.
select
    count(*) filter (where account = $account) as by_account,
    count(*) filter (where address = $address) as by_address,
    min(guessed_at) filter (where account = $account or address = $address) as oldest
from sign_in_guesses;

-- name: count_guess
insert into sign_in_guesses (account, address, guessed_at)
values ($account, $address, $now);

-- name: forget_guesses
delete from sign_in_guesses
where account = $account;

-- name: stored_hash
select password_hash
from agents
where
    email = $email
    and is_active;

-- name: agent_to_sign_in
select id
from agents
where
    email = $email
    and is_active
    and password_hash is not null;

-- name: add
insert into sessions (agent_id, token_digest, device, created_at, expires_at)
values ($agent_id, $token_digest, $device, $now, $expires_at);

-- name: by_digest
select
    id,
    agent_id,
    device,
    created_at,
    expires_at
from sessions
where
    token_digest = $token_digest
    and revoked_at is null
    and expires_at > $now;

-- name: by_id
select
    id,
    agent_id,
    device,
    created_at,
    expires_at
from sessions
where
    id = $session_id
    and revoked_at is null
    and expires_at > $now;

-- name: of_agent
select
    id,
    agent_id,
    device,
    created_at,
    expires_at,
    token_digest = $current as is_current
from sessions
where
    agent_id = $agent_id
    and revoked_at is null
    and expires_at > $now
order by created_at desc, id desc;

-- name: revoke
update sessions
set revoked_at = $now
where id = $session_id;

-- name: revoke_all
update sessions
set revoked_at = $now
where
    agent_id = $agent_id
    and revoked_at is null
    and expires_at > $now
    and token_digest <> $kept;
