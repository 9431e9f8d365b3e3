-- Saved views: a title and what the address says of view, mailbox and filters. One with a mailbox
-- is the team's: everybody who may read there sees it.
create sequence saved_view_ids;

create table saved_views (
    id bigint primary key default nextval('saved_view_ids'),
    agent_id bigint not null,
    mailbox_id bigint,
    title varchar not null,
    query varchar not null,
    created_at timestamp not null,
    deleted_at timestamp
);

-- The newest message of a conversation and of what was merged into it, and who of us answered last.
update conversations
set last_message_id = newest.message_id
from (
    select
        coalesce(members.merged_into, members.id) as id,
        max(messages.id) as message_id
    from messages
    inner join conversations as members
        on messages.conversation_id = members.id
    group by coalesce(members.merged_into, members.id)
) as newest
where conversations.id = newest.id;

update conversations
set last_reply_agent_id = replies.agent_id
from (
    select
        coalesce(members.merged_into, members.id) as id,
        messages.agent_id,
        row_number() over (
            partition by coalesce(members.merged_into, members.id)
            order by messages.sent_at desc, messages.id desc
        ) as place
    from messages
    inner join conversations as members
        on messages.conversation_id = members.id
    where messages.direction = 'out'
) as replies
where
    conversations.id = replies.id
    and replies.place = 1;
