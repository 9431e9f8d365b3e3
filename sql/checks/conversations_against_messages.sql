-- What the queue shows of a conversation is what its messages, and those merged into it, say.
with told as (
    select
        coalesce(members.merged_into, members.id) as conversation_id,
        count(*) as message_count,
        max(messages.id) as last_message_id,
        max(messages.sent_at) as last_sent_at,
        max(messages.sent_at) filter (where messages.direction <> 'note') as last_mail_sent_at,
        max(messages.received_at) filter (where messages.direction <> 'note')
            as last_mail_received_at
    from messages
    inner join conversations as members
        on messages.conversation_id = members.id
    group by coalesce(members.merged_into, members.id)
)

select
    'conversation ' || conversations.id || ' counts ' || conversations.message_count
    || ' messages and has ' || coalesce(told.message_count, 0) as fault
from conversations
left join told
    on conversations.id = told.conversation_id
where
    conversations.merged_into is null
    and conversations.message_count <> coalesce(told.message_count, 0)
union all
select
    'conversation ' || conversations.id || ' was last active at '
    || conversations.last_message_at || ', its newest message is of ' || told.last_sent_at
        as fault
from conversations
inner join told
    on conversations.id = told.conversation_id
where
    conversations.merged_into is null
    and conversations.last_message_at not in (
        told.last_sent_at, told.last_mail_sent_at, told.last_mail_received_at
    )
union all
select
    'conversation ' || conversations.id || ' tells of message ' || conversations.last_message_id
    || ' as its newest, which is ' || told.last_message_id as fault
from conversations
inner join told
    on conversations.id = told.conversation_id
where
    conversations.merged_into is null
    and conversations.last_message_id <> told.last_message_id;
