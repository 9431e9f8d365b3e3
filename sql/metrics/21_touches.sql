-- Touches are the replies of a resolved conversation; one touch is one reply, closed, not reopened.
create view report.touches as
select
    resolution.conversation_id,
    resolution.mailbox,
    resolution.last_closed_at,
    count(steps.id) as replies,
    count(steps.id) = 1 and not coalesce(bool_or(reopens.is_within_7_days), false) as is_one_touch
from report.resolution
inner join metric.steps
    on
        resolution.conversation_id = steps.conversation_id
        and steps.step = 'answered'
left join (
    select
        conversation_id,
        bool_or(is_within_7_days) as is_within_7_days
    from report.reopens
    group by conversation_id
) as reopens
    on resolution.conversation_id = reopens.conversation_id
where resolution.outcome = 'resolved'
group by
    resolution.conversation_id,
    resolution.mailbox,
    resolution.last_closed_at;
