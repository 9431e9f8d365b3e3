-- An event is one line of the diary: who did what to which conversation, without what it said.
create view report.events as
select
    events.event_id,
    events.action_id,
    events.occurred_at,
    events.recorded_at,
    events.actor_kind,
    agents.email as actor,
    mailboxes.address as mailbox,
    coalesce(families.family_id, events.conversation_id) as conversation_id,
    events.message_id,
    events.kind
from main.events
left join main.mailboxes
    on events.mailbox_id = mailboxes.id
left join metric.families
    on events.conversation_id = families.conversation_id
left join main.agents
    on
        events.actor_kind = 'agent'
        and events.actor_id = agents.id;
