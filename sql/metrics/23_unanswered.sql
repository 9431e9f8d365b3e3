-- Unanswered is a customer's message after our last reply: never answered, or closed over it.
create view report.unanswered as
with its as materialized (
    select
        conversation_id,
        step,
        happened_at
    from metric.steps
    where step in ('wait', 'answered')
),

replies as (
    select
        conversation_id,
        max(happened_at) as replied_at
    from its
    where step = 'answered'
    group by conversation_id
),

heard as (
    select
        its.conversation_id,
        min(its.happened_at) as first_heard_at,
        min(its.happened_at) filter (
            where replies.replied_at is null or its.happened_at > replies.replied_at
        ) as waiting_since
    from its
    left join replies
        on its.conversation_id = replies.conversation_id
    where its.step = 'wait'
    group by its.conversation_id
)

select
    heard.conversation_id,
    mailboxes.address as mailbox,
    case
        when heard.waiting_since > heard.first_heard_at then 'last_word'
        when conversations.status = 'closed' then 'closed'
        else 'open'
    end as kind,
    heard.waiting_since,
    case when conversations.status = 'closed' then conversations.closed_at end as closed_at,
    agents.email as assignee
from heard
inner join main.conversations
    on heard.conversation_id = conversations.id
inner join main.mailboxes
    on conversations.mailbox_id = mailboxes.id
left join main.agents
    on conversations.assignee_id = agents.id
where
    heard.waiting_since is not null
    and conversations.spam_at is null
    and conversations.trashed_at is null
    -- Who was answered before and waits now is in report.still_waiting.
    and (heard.waiting_since = heard.first_heard_at or conversations.status = 'closed');
