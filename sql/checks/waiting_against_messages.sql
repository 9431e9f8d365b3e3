-- A conversation says that a customer waits where its messages leave no doubt, and only there.
with heard as (
    select
        conversation_id,
        count(*) filter (
            where
            direction = 'in'
            and not is_auto
            and not is_bounce
        ) as from_customers,
        bool_and(direction <> 'out') as is_unanswered,
        bool_and(via = 'imap' and is_readable and not is_auto and not is_bounce) as is_plain
    from messages
    group by conversation_id
)

select 'conversation ' || conversations.id || ' is closed and waits for an answer' as fault
from conversations
where
    conversations.status = 'closed'
    and conversations.waiting_since is not null
union all
select 'conversation ' || conversations.id || ' waits, and no customer wrote' as fault
from conversations
left join heard
    on conversations.id = heard.conversation_id
where
    conversations.waiting_since is not null
    and coalesce(heard.from_customers, 0) = 0
union all
select 'conversation ' || conversations.id || ' was never answered and does not wait' as fault
from conversations
inner join heard
    on conversations.id = heard.conversation_id
where
    conversations.status = 'open'
    and conversations.spam_at is null
    and conversations.trashed_at is null
    and conversations.waiting_since is null
    and heard.is_plain
    and heard.is_unanswered
    and not exists (
        select 1
        from events
        where
            events.conversation_id = conversations.id
            and events.kind = 'closed'
    );
