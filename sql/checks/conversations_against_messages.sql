-- What the queue shows of a conversation is what its messages say.
with told as (
    select
        conversation_id,
        count(*) as message_count,
        max(sent_at) as last_sent_at,
        max(sent_at) filter (where direction <> 'note') as last_mail_sent_at,
        max(received_at) filter (where direction <> 'note') as last_mail_received_at
    from messages
    group by conversation_id
)

select
    'conversation ' || conversations.id || ' counts ' || conversations.message_count
    || ' messages and has ' || coalesce(told.message_count, 0) as fault
from conversations
left join told
    on conversations.id = told.conversation_id
where conversations.message_count <> coalesce(told.message_count, 0)
union all
select
    'conversation ' || conversations.id || ' was last active at '
    || conversations.last_message_at || ', its newest message is of ' || told.last_sent_at
        as fault
from conversations
inner join told
    on conversations.id = told.conversation_id
where
    conversations.last_message_at not in (
        told.last_sent_at, told.last_mail_sent_at, told.last_mail_received_at
    );
