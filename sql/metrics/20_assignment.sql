-- Assignment: how long until somebody had a conversation, through how many hands, and how long none.
create view report.assignment as
with stood as (
    select
        conversation_id,
        starts_at,
        ends_at,
        is_open and is_here as is_work,
        assignee_id,
        last_value(assignee_id ignore nulls) over (
            partition by conversation_id
            order by starts_at
            rows between unbounded preceding and 1 preceding
        ) as had_by
    from metric.stands
)

select
    stood.conversation_id,
    mailboxes.address as mailbox,
    min(stood.starts_at) as started_at,
    min(stood.starts_at) filter (where stood.assignee_id is not null) as first_assigned_at,
    epoch(min(stood.starts_at) filter (where stood.assignee_id is not null))
    - epoch(min(stood.starts_at)) as first_assignment_seconds,
    greatest(
        0, count(*) filter (where stood.assignee_id is distinct from stood.had_by
        and stood.assignee_id is not null) - 1
    ) as hops,
    coalesce(
        sum(epoch(stood.ends_at) - epoch(stood.starts_at)) filter (
            where stood.is_work and stood.assignee_id is null
        ),
        0
    ) as unassigned_seconds,
    max(stood.starts_at) filter (
        where stood.is_work and stood.assignee_id is null and stood.ends_at is null
    ) as unassigned_since
from stood
inner join main.conversations
    on stood.conversation_id = conversations.id
inner join main.mailboxes
    on conversations.mailbox_id = mailboxes.id
where conversations.merged_into is null
group by
    stood.conversation_id,
    mailboxes.address;
