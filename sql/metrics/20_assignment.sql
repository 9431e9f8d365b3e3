-- Assignment: how long until somebody had a conversation, how many had it, how long nobody.
create view report.assignment as
with followed as (
    select
        *,
        last_value(assignee_id ignore nulls) over (
            partition by conversation_id
            order by starts_at
            rows between unbounded preceding and 1 preceding
        ) as had_by
    from metric.stands
),

stood as (
    select
        conversation_id,
        starts_at,
        ends_at,
        assignee_id,
        is_open and is_here and assignee_id is null as is_idle,
        assignee_id is not null and coalesce(assignee_id <> had_by, true) as is_taken
    from followed
)

select
    stood.conversation_id,
    mailboxes.address as mailbox,
    min(stood.starts_at) as started_at,
    min(stood.starts_at) filter (where stood.assignee_id is not null) as first_assigned_at,
    epoch(min(stood.starts_at) filter (where stood.assignee_id is not null))
    - epoch(min(stood.starts_at)) as first_assignment_seconds,
    greatest(0, count(*) filter (where stood.is_taken) - 1) as hops,
    coalesce(
        sum(epoch(stood.ends_at) - epoch(stood.starts_at)) filter (where stood.is_idle), 0
    ) as unassigned_seconds,
    max(stood.starts_at) filter (where stood.is_idle and stood.ends_at is null)
        as unassigned_since
from stood
inner join main.conversations
    on stood.conversation_id = conversations.id
inner join main.mailboxes
    on conversations.mailbox_id = mailboxes.id
where conversations.merged_into is null
group by
    stood.conversation_id,
    mailboxes.address;
