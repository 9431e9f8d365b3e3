-- A conversation says that a customer waits where its messages leave no doubt, and only there.
with members as (
    select
        id,
        coalesce(merged_into, id) as family_id
    from conversations
),

heard as (
    select
        members.family_id as conversation_id,
        count(*) filter (
            where
            messages.direction = 'in'
            and not messages.is_auto
            and not messages.is_bounce
        ) as from_customers,
        bool_and(messages.direction <> 'out') as is_unanswered,
        bool_and(
            messages.via = 'imap'
            and messages.is_readable
            and not messages.is_auto
            and not messages.is_bounce
        ) as is_plain
    from messages
    inner join members
        on messages.conversation_id = members.id
    group by members.family_id
)

select 'conversation ' || conversations.id || ' is closed and waits for an answer' as fault
from conversations
where
    conversations.status = 'closed'
    and conversations.waiting_since is not null
    and conversations.merged_into is null
union all
select 'conversation ' || conversations.id || ' waits, and no customer wrote' as fault
from conversations
left join heard
    on conversations.id = heard.conversation_id
where
    conversations.waiting_since is not null
    and conversations.merged_into is null
    and coalesce(heard.from_customers, 0) = 0
union all
select 'conversation ' || conversations.id || ' was never answered and does not wait' as fault
from conversations
inner join heard
    on conversations.id = heard.conversation_id
where
    conversations.status = 'open'
    and conversations.merged_into is null
    and conversations.spam_at is null
    and conversations.trashed_at is null
    and conversations.waiting_since is null
    and heard.is_plain
    and heard.is_unanswered
    and not exists (
        select 1
        from events
        inner join members
            on events.conversation_id = members.id
        where
            members.family_id = conversations.id
            and events.kind = 'closed'
    );
