-- A million messages of five years, four to a conversation, with the claims and closes of ten
-- colleagues: each conversation begins `step` seconds after the one before it.
insert into messages (
    id, conversation_id, mailbox_id, direction, via, agent_id, sent_at, received_at, from_name,
    from_address, recipients, subject, answers_message_id, is_auto, is_bounce, is_readable,
    attachment_count, thread_reason
)
select
    4 * told.c + told.m + 1,
    told.c + 1,
    1,
    case when told.m in (0, 2) and told.kind <> 'twice' or told.m = 0 then 'in' else 'out' end,
    case when told.m in (0, 2) and told.kind <> 'twice' or told.m = 0 then 'imap' else 'app' end,
    case
        when told.m in (0, 2) and told.kind <> 'twice' or told.m = 0 then null
        else 1 + (told.c + told.m) % 10
    end,
    told.at,
    told.at,
    'Somebody',
    case
        when told.m in (0, 2) and told.kind <> 'twice' or told.m = 0
            then 'customer' || told.c // 3 || '@customer.test'
        else 'support@nordkaj.example'
    end,
    case
        when told.m in (0, 2) and told.kind <> 'twice' or told.m = 0
            then '{"to": [["", "support@nordkaj.example"]]}'
        else
            '{"to": [["Somebody", "'
            || case when told.kind = 'third' and told.m = 3 then 'third' else 'customer' end
            || told.c // 3 || '@customer.test"]], "cc": [["A. Nother", "other@customer.test"]]}'
    end,
    'Subject',
    null,
    false,
    false,
    true,
    0,
    case told.m when 0 then 'new' else 'reference' end
from (
    select
        ids.c,
        turns.m,
        case
            when ids.c % 40 = 0 then 'twice'
            when ids.c % 23 = 0 then 'third'
            else 'plain'
        end as kind,
        $begins::timestamp
        + to_seconds(ids.c * $step::double + turns.m * (600 + hash(ids.c) % 9000)) as at
    from range($conversations::bigint) as ids (c)
    cross join range(4) as turns (m)
) as told
order by 1;

insert into bodies
select
    id,
    conversation_id,
    'A few words of message ' || id,
    null,
    'A few words of message ' || id
from messages
order by id;

insert into conversations (
    id, mailbox_id, contact_name, contact_address, subject, snippet, status, assignee_id,
    created_at, last_message_at, last_reply_at, waiting_since, closed_at, message_count,
    attachment_count, is_readable
)
select
    conversation_id,
    1,
    'Somebody',
    'customer' || (conversation_id - 1) // 3 || '@customer.test',
    'Subject',
    'A few words',
    case when conversation_id % 100 < 2 then 'open' else 'closed' end,
    case when conversation_id % 200 <> 1 then 1 + (conversation_id - 1) % 10 end,
    min(sent_at),
    max(sent_at),
    max(sent_at),
    null,
    case when conversation_id % 100 < 2 then null else max(sent_at) + interval 1 hour end,
    4,
    0,
    true
from messages
group by conversation_id
order by conversation_id;

-- What each conversation leaves in the diary: its mails, a claim, and a close.
insert into events
select
    row_number() over (order by told.at, told.conversation_id, told.kind) + known.newest,
    'a' || told.conversation_id,
    told.at,
    told.at,
    case when told.actor_id is null then 'contact' else 'agent' end,
    told.actor_id,
    1,
    told.conversation_id,
    told.message_id,
    told.kind,
    '',
    ''
from (
    select
        sent_at as at,
        agent_id as actor_id,
        conversation_id,
        id as message_id,
        case direction when 'in' then 'received' else 'replied' end as kind
    from messages
    union all
    select
        created_at + interval 7 minute as at,
        assignee_id as actor_id,
        id as conversation_id,
        null as message_id,
        'claimed' as kind
    from conversations
    where assignee_id is not null
    union all
    select
        closed_at as at,
        coalesce(assignee_id, 1) as actor_id,
        id as conversation_id,
        null as message_id,
        'closed' as kind
    from conversations
    where closed_at is not null
) as told
cross join (select coalesce(max(event_id), 0) as newest from events) as known
order by 1;
