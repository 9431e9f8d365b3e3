-- Whoever waits, and who was answered first and when, is so by the messages themselves as well.
with mails as (
    select
        coalesce(members.merged_into, members.id) as conversation_id,
        messages.direction,
        messages.is_auto or messages.is_bounce as is_of_a_machine,
        case
            when abs(epoch(messages.received_at) - epoch(messages.sent_at)) > 86400
                then messages.received_at
            else messages.sent_at
        end as happened_at
    from messages
    inner join conversations as members
        on messages.conversation_id = members.id
),

-- Only what came in and was never answered or closed: there is no room for doubt.
silent as (
    select
        mails.conversation_id,
        min(mails.happened_at) as wrote_at
    from mails
    inner join conversations
        on mails.conversation_id = conversations.id
    where
        mails.direction = 'in'
        and not mails.is_of_a_machine
        and conversations.status = 'open'
        and conversations.spam_at is null
        and conversations.trashed_at is null
        and not exists (
            select 1
            from mails as others
            where
                others.conversation_id = mails.conversation_id
                and others.direction = 'out'
        )
        and not exists (
            select 1
            from events
            inner join conversations as members
                on events.conversation_id = members.id
            where
                coalesce(members.merged_into, members.id) = mails.conversation_id
                and events.kind = 'closed'
        )
    group by mails.conversation_id
),

waiting as (
    select
        conversation_id,
        waiting_since
    from report.turns
    where state = 'waiting'
)

select 'conversation ' || silent.conversation_id || ' waits otherwise than its mails say' as fault
from silent
left join waiting
    on silent.conversation_id = waiting.conversation_id
where waiting.waiting_since is distinct from silent.wrote_at
union all
select 'conversation ' || turns.conversation_id || ' ends before it begins' as fault
from report.turns
where turns.ended_at < turns.waiting_since
union all
select 'conversation ' || turns.conversation_id || ' waits in two turns at once' as fault
from report.turns
where turns.state = 'waiting'
group by turns.conversation_id
having count(*) > 1
union all
select 'conversation ' || turns.conversation_id || ' was answered by what is no reply' as fault
from report.turns
left join messages
    on turns.reply_message_id = messages.id
where
    turns.state = 'answered'
    and (
        messages.id is null
        or messages.direction <> 'out'
        or messages.is_auto
        or messages.is_bounce
    );
