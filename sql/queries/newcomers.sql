-- name: mails
-- Whoever wrote here or was written to, as far as mails tell; the contact stands for the oldest.
select
    messages.direction,
    messages.from_address,
    messages.recipients
from messages
where
    messages.conversation_id = any($family::bigint[])
    and messages.direction <> 'note';

-- name: contacts
select contact_address
from conversations
where id = any($family::bigint[]);

-- name: ours
-- Every address of the house, with the name by which a note can speak to whoever has it.
select
    lower(agents.email) as address,
    case when memberships.agent_id is null then '' else agents.name end as mention,
    'colleague' as kind
from agents
left join memberships
    on
        agents.id = memberships.agent_id
        and memberships.mailbox_id = $mailbox_id
where agents.is_active
union all
select
    address,
    '' as mention,
    'mailbox' as kind
from mailboxes
union all
select
    address,
    '' as mention,
    'mailbox' as kind
from aliases;

-- name: confirm
update drafts
set confirmed = $confirmed
where
    id = $draft_id
    and state = 'open';
