-- Where a target holds, each turn has a promise; by the clock it was kept when its wait was short.
with first_targets as (
    select
        mailboxes.address as mailbox,
        case target_versions.kind when 'next_reply' then 2 else 1 end as from_turn,
        target_versions.kind,
        min(target_versions.valid_from) as valid_from,
        bool_and(target_versions.seconds is not null) as is_always
    from target_versions
    inner join mailboxes
        on target_versions.mailbox_id = mailboxes.id
    where target_versions.kind <> 'resolution'
    group by
        mailboxes.address,
        target_versions.kind
),

expected as (
    select
        turns.conversation_id,
        turns.turn_no
    from report.turns
    inner join first_targets
        on
            turns.mailbox = first_targets.mailbox
            and first_targets.is_always
            and turns.waiting_since >= first_targets.valid_from
            and (turns.turn_no = 1) = (first_targets.kind = 'first_reply')
    where turns.state <> 'void'
)

select 'conversation ' || expected.conversation_id || ' has no promise' as fault
from expected
left join report.targets
    on
        expected.conversation_id = targets.conversation_id
        and expected.turn_no = targets.turn_no
where targets.conversation_id is null
union all
select 'conversation ' || targets.conversation_id || ' was answered in time, and late' as fault
from report.targets
inner join report.turns
    on
        targets.conversation_id = turns.conversation_id
        and targets.turn_no = turns.turn_no
where
    not targets.is_business
    and turns.wait_seconds is not null
    and (turns.wait_seconds <= targets.target_seconds) = (targets.state = 'breached')
union all
select 'mailbox ' || target_versions.mailbox_id || ' promises what nobody can keep' as fault
from target_versions
where
    target_versions.kind not in ('first_reply', 'next_reply', 'resolution')
    or target_versions.seconds <= 0;
