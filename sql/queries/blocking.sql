-- name: of_mailbox
select
    blocked_senders.id,
    blocked_senders.mailbox_id,
    blocked_senders.address,
    blocked_senders.blocked_at,
    agents.name as agent_name
from blocked_senders
left join agents
    on blocked_senders.agent_id = agents.id
where
    blocked_senders.mailbox_id = $mailbox_id
    and blocked_senders.lifted_at is null
order by blocked_senders.address;

-- name: addresses
select address
from blocked_senders
where
    mailbox_id = $mailbox_id
    and lifted_at is null;

-- name: mailbox_of
select
    mailbox_id,
    address
from blocked_senders
where
    id = $block_id
    and lifted_at is null;

-- name: block
insert into blocked_senders (mailbox_id, address, agent_id, blocked_at)
values ($mailbox_id, $address, $agent_id, $now);

-- name: lift
update blocked_senders
set lifted_at = $now
where
    mailbox_id = $mailbox_id
    and address = $address
    and lifted_at is null;

-- name: agents
select lower(email)
from agents;
