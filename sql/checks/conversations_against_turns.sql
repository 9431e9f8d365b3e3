-- A conversation says that a customer waits exactly when its turns say so.
select
    'conversation ' || conversations.id || ' waits since '
    || coalesce(conversations.waiting_since::varchar, 'never') || ', its turns say '
    || coalesce(turns.waiting_since::varchar, 'never') as fault
from conversations
left join report.turns
    on
        conversations.id = turns.conversation_id
        and turns.state = 'waiting'
where
    conversations.spam_at is null
    and conversations.trashed_at is null
    and (conversations.waiting_since is null) <> (turns.waiting_since is null);
