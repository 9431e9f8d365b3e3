-- A reopen is a closed conversation that is open again, by a message or by an agent.
create view report.reopens as
with closes as (
    select
        steps.conversation_id,
        steps.happened_at,
        steps.id
    from metric.steps
    where
        steps.step = 'closed_unanswered'
        and steps.id > 0
),

-- Taken back at once (Undo), a close was none.
opens as (
    select
        families.family_id as conversation_id,
        events.event_id,
        events.occurred_at,
        events.actor_kind
    from main.events
    inner join metric.families
        on events.conversation_id = families.conversation_id
    left join main.event_payloads
        on events.event_id = event_payloads.event_id
    where
        events.kind = 'reopened'
        and coalesce(json_extract_string(event_payloads.after, '$.takes_back') <> 'true', true)
        and coalesce(json_extract_string(event_payloads.after, '$.via') <> 'import', true)
)

select
    opens.conversation_id,
    mailboxes.address as mailbox,
    closes.happened_at as closed_at,
    greatest(opens.occurred_at, closes.happened_at) as reopened_at,
    case opens.actor_kind when 'agent' then 'agent' else 'message' end as reopened_by,
    opens.occurred_at <= closes.happened_at + interval 7 day as is_within_7_days
from opens
asof inner join closes
    on
        opens.conversation_id = closes.conversation_id
        and opens.event_id > closes.id
inner join main.conversations
    on opens.conversation_id = conversations.id
inner join main.mailboxes
    on conversations.mailbox_id = mailboxes.id;
