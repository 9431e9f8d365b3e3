-- name: queue
-- What was open at a moment, in the mailboxes that these are now.
select
    stands.conversation_id as id,
    conversations.mailbox_id,
    stands.mailbox_id as stood_in,
    conversations.subject,
    conversations.contact_name,
    stands.assignee_id,
    agents.name as assignee_name,
    stands.starts_at as since,
    coalesce(stands.snoozed_until > $at, false) as is_asleep
from metric.stands
inner join conversations
    on stands.conversation_id = conversations.id
left join agents
    on stands.assignee_id = agents.id
where
    stands.starts_at <= $at
    and coalesce(stands.ends_at > $at, true)
    and stands.is_open
    and stands.is_here
    and conversations.mailbox_id = any($mailboxes)
order by stands.conversation_id;
