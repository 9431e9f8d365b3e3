-- A target is met when a wait ends, or a conversation is resolved, within its open seconds.
create macro metric.targets_between(since, until, moment) as table
    with waits as (
        select
            conversation_id,
            mailbox_id,
            turn_no,
            waiting_since,
            ended_at,
            state
        from metric.turns
        where
            state <> 'void'
            and waiting_since >= since
            and waiting_since < until
    ),

    firsts as (
        select
            conversation_id,
            mailbox_id,
            waiting_since
        from waits
        where turn_no = 1
    ),

    ends as (
        select
            firsts.conversation_id,
            min(steps.happened_at) filter (
                where
                steps.step = 'closed_unanswered'
                and steps.id > 0
                and steps.happened_at >= firsts.waiting_since
            ) as closed_at,
            min(steps.happened_at) filter (where steps.step = 'answered') as answered_at
        from firsts
        inner join metric.steps
            on firsts.conversation_id = steps.conversation_id
        group by firsts.conversation_id
    ),

    instances as (
        select
            conversation_id,
            mailbox_id,
            case turn_no when 1 then 'first_reply' else 'next_reply' end as kind,
            turn_no,
            waiting_since as started_at,
            ended_at,
            state <> 'closed_unanswered' as is_answered
        from waits
        union all
        select
            firsts.conversation_id,
            firsts.mailbox_id,
            'resolution' as kind,
            null as turn_no,
            firsts.waiting_since as started_at,
            ends.closed_at as ended_at,
            coalesce(ends.answered_at <= ends.closed_at, false) as is_answered
        from firsts
        inner join ends
            on firsts.conversation_id = ends.conversation_id
    ),

    -- Target and hours are those that held when it began, whatever was chosen since.
    aimed as (
        select
            instances.*,
            aims.seconds as target_seconds,
            aims.calendar,
            moment::timestamp as asked_at
        from instances
        asof inner join main.target_versions as aims
            on
                instances.mailbox_id = aims.mailbox_id
                and instances.kind = aims.kind
                and instances.started_at >= aims.valid_from
        where aims.seconds is not null
    ),

    in_force as (
        select
            aimed.*,
            numbered.number
        from aimed
        asof left join metric.numbered
            on
                aimed.calendar = numbered.calendar
                and aimed.started_at >= numbered.valid_from
    ),

    begun as (
        select
            in_force.*,
            metric.open_seconds(
                in_force.started_at, begins.starts_at, begins.ends_at, begins.seconds_before
            )
            + in_force.target_seconds as due_seconds,
            metric.open_seconds(in_force.asked_at, now.starts_at, now.ends_at, now.seconds_before)
                as seconds_now
        from in_force
        asof left join metric.segments as begins
            on
                in_force.number = begins.number
                and in_force.started_at >= begins.starts_at
        asof left join metric.segments as now
            on
                in_force.number = now.number
                and in_force.asked_at >= now.starts_at
    ),

    -- The inverse of open seconds: the moment at which so many are over.
    due as (
        select
            begun.*,
            case
                when begun.number is null
                    then begun.started_at + to_seconds(begun.target_seconds)
                else
                    ends.starts_at + to_seconds(begun.due_seconds - ends.seconds_before)
            end as due_at,
            case
                when begun.number is null
                    then epoch(begun.started_at) + begun.target_seconds - epoch(begun.asked_at)
                else begun.due_seconds - begun.seconds_now
            end as left_seconds
        from begun
        asof left join metric.segments as ends
            on
                begun.number = ends.number
                and begun.due_seconds > ends.seconds_before
    )

    select
        conversation_id,
        mailbox_id,
        kind,
        turn_no,
        started_at,
        ended_at,
        target_seconds,
        number is not null as is_business,
        due_at,
        case
            when ended_at is null and due_at < asked_at then 'breached'
            when ended_at is null and left_seconds < 0.25 * target_seconds then 'at_risk'
            when ended_at is null then 'running'
            when ended_at > due_at then 'breached'
            when is_answered then 'met'
            else 'closed_without_reply'
        end as state,
        case when ended_at is null then left_seconds end as left_seconds
    from due;

create view report.targets as
select
    targets.conversation_id,
    places.mailbox,
    targets.kind,
    targets.turn_no,
    targets.started_at,
    targets.ended_at,
    targets.target_seconds,
    targets.is_business,
    targets.due_at,
    targets.state,
    targets.left_seconds
from
    metric.targets_between(
        timestamp '1970-01-01', timestamp '9999-01-01', current_timestamp::timestamp
    ) as targets
inner join metric.places
    on targets.mailbox_id = places.mailbox_id;
