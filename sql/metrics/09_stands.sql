-- A stand is how a conversation stood from one moment to the next, as the diary told it then.
create macro metric.stands_of(changed) as table
    with due as (
        select conversation_id
        from query_table(changed)
        where family_id is not null
    ),

    its as (
        select
            events.conversation_id,
            events.event_id,
            events.recorded_at,
            events.mailbox_id,
            events.actor_id,
            events.kind
        from main.events
        inner join due
            on events.conversation_id = due.conversation_id
    ),

    -- `unsent_until`: before this event a new mail of ours is nobody's but its author's when it is
    -- taken back.
    firsts as (
        select
            conversation_id,
            min(event_id) as event_id,
            case
                when count(*) filter (where kind = 'written') > 0
                    then
                        coalesce(
                            min(event_id) filter (
                                where kind in ('replied', 'received', 'bounced', 'noted')
                            ),
                            9223372036854775807
                        )
                else 0
            end as unsent_until
        from its
        group by conversation_id
    ),

    chosen as (
        select
            its.*,
            its.event_id = firsts.event_id as is_first,
            its.event_id < firsts.unsent_until as is_unsent
        from its
        inner join firsts
            on its.conversation_id = firsts.conversation_id
        where
            its.event_id = firsts.event_id
            or its.kind in (
                'claimed', 'assigned', 'released', 'closed', 'reopened', 'marked_spam',
                'filed_as_spam', 'blocked', 'unblocked', 'trashed', 'restored', 'merged',
                'unmerged',
                'moved', 'unmoved', 'split', 'snoozed', 'woken', 'written', 'undone', 'unplanned',
                'called_off', 'stopped'
            )
    ),

    worded as (
        select
            chosen.*,
            event_payloads.before,
            event_payloads.after
        from chosen
        left join main.event_payloads
            on
                chosen.event_id = event_payloads.event_id
                and (
                    chosen.is_first
                    or chosen.kind in (
                        'claimed', 'assigned', 'blocked', 'unblocked', 'restored', 'merged',
                        'unmerged', 'moved', 'unmoved', 'split', 'snoozed'
                    )
                )
    ),

    -- 0 is nobody, and '' no moment; null is what an event does not speak of.
    told as (
        select
            conversation_id,
            event_id,
            recorded_at,
            case
                when kind = 'claimed'
                    then coalesce((after ->> '$.assignee_id')::bigint, actor_id)
                when kind = 'released' then 0
                when
                    kind = 'assigned'
                    or (
                        kind in ('merged', 'unmerged', 'moved', 'unmoved', 'split')
                        and json_exists(after, '$.assignee_id')
                    )
                    then coalesce((after ->> '$.assignee_id')::bigint, 0)
                when is_first then 0
            end as assignee_id,
            case
                when kind = 'closed' then false
                when kind in ('reopened', 'written') then true
                when is_unsent and kind in ('undone', 'unplanned', 'called_off', 'stopped')
                    then false
                when kind in ('merged', 'unmerged', 'split') and after ->> '$.status' is not null
                    then after ->> '$.status' = 'open'
                when is_first then coalesce(after ->> '$.via' <> 'import', true)
            end as is_open,
            case
                when kind in ('marked_spam', 'filed_as_spam') then true
                when kind = 'blocked' and after ->> '$.as_spam' = 'true' then true
                when kind = 'unblocked' and after ->> '$.restored' = 'true' then false
                when
                    kind = 'restored'
                    and before is not null
                    and coalesce(before ->> '$.in' <> 'trash', true)
                    and before ->> '$.trashed_at' is null
                    then false
                when is_first then false
            end as is_spam,
            case
                when kind = 'trashed' then true
                when
                    kind = 'restored'
                    and (
                        before is null
                        or before ->> '$.in' = 'trash'
                        or before ->> '$.trashed_at' is not null
                    )
                    then false
                when kind in ('merged', 'unmerged') and after ->> '$.trashed' is not null
                    then after ->> '$.trashed' = 'true'
                when is_first then false
            end as is_trashed,
            case
                when kind = 'merged' and after ->> '$.into' is not null then true
                when kind = 'unmerged' and after ->> '$.out_of' is not null then false
                when is_unsent and kind in ('undone', 'unplanned', 'called_off', 'stopped')
                    then true
                when kind = 'written' then false
                when is_first then false
            end as is_away,
            case
                when kind = 'snoozed' then after ->> '$.until'
                when kind = 'woken' then ''
                when kind in ('merged', 'split') and json_exists(after, '$.snoozed_until')
                    then coalesce(after ->> '$.snoozed_until', '')
                when is_first then ''
            end as snoozed_until,
            case
                when kind in ('moved', 'unmoved', 'merged', 'unmerged') or is_first then mailbox_id
            end as mailbox_id
        from worded
    ),

    stood as (
        select
            conversation_id,
            event_id,
            max(recorded_at) over w as starts_at,
            last_value(mailbox_id ignore nulls) over w as mailbox_id,
            last_value(assignee_id ignore nulls) over w as assignee_id,
            last_value(is_open ignore nulls) over w as is_open,
            not last_value(is_spam ignore nulls) over w
            and not last_value(is_trashed ignore nulls) over w
            and not last_value(is_away ignore nulls) over w as is_here,
            last_value(snoozed_until ignore nulls) over w as snoozed_until
        from told
        window w as (partition by conversation_id order by event_id)
    ),

    -- Of what happened in one moment, the last counts.
    settled as (
        select
            *,
            row(mailbox_id, assignee_id, is_open, is_here, snoozed_until) as how
        from stood
        qualify
            row_number() over (partition by conversation_id, starts_at order by event_id desc) = 1
    ),

    followed as (
        select
            *,
            lag(how) over (partition by conversation_id order by event_id) as earlier
        from settled
    ),

    changed as (
        select *
        from followed
        where how is distinct from earlier
    )

    select
        conversation_id,
        mailbox_id,
        starts_at,
        lead(starts_at) over (partition by conversation_id order by event_id) as ends_at,
        is_open,
        nullif(assignee_id, 0) as assignee_id,
        is_here,
        nullif(snoozed_until, '')::timestamp as snoozed_until
    from changed
    where mailbox_id is not null;

create view metric.stands_united as
select stands.*
from main.stands
anti join metric.due
    on stands.conversation_id = due.conversation_id
union all
select * from metric.stands_of('metric.due');

create view metric.stands_kept as
select * from main.stands;

create view metric.stands as
select * from query_table(metric.kept_or('metric.stands_kept', 'metric.stands_united'));
