-- A duplicate is two replies in a row, by different people, to one customer message within 24 h.
create view report.duplicate_replies as
with customers as (
    select
        steps.conversation_id,
        steps.id,
        steps.happened_at
    from metric.steps
    inner join main.conversations
        on steps.conversation_id = conversations.id
    where
        steps.step = 'wait'
        and conversations.spam_at is null
        and conversations.trashed_at is null
),

named as (
    select
        lower(name) as name,
        min(id) as agent_id
    from main.agents
    group by lower(name)
),

-- An address that a mailbox has as well is everybody's.
addressed as (
    select
        lower(email) as address,
        min(id) as agent_id
    from main.agents
    where
        lower(email) not in (
            select lower(mailboxes.address)
            from main.mailboxes
        )
    group by lower(email)
),

written as (
    select
        steps.conversation_id,
        steps.id,
        steps.happened_at,
        messages.mailbox_id,
        messages.answers_message_id,
        messages.via,
        messages.from_name,
        messages.from_address,
        coalesce(steps.agent_id, addressed.agent_id, named.agent_id) as agent_id
    from metric.steps
    inner join main.messages
        on steps.id = messages.id
    left join addressed
        on lower(messages.from_address) = addressed.address
    left join named
        on
            regexp_replace(lower(messages.from_name), '^([^,]+), *([^,]+)$', '\2 \1')
            = named.name
    where steps.step = 'answered'
),

placed as (
    select
        written.*,
        coalesce(meant.id, latest.id) as answered_id,
        coalesce(meant.happened_at, latest.happened_at) as answered_at,
        coalesce(latest.happened_at > meant.happened_at, false) as is_stale,
        coalesce(
            'agent ' || written.agent_id, lower(written.from_name) || ' ' || written.from_address
        ) as writer
    from written
    asof left join customers as latest
        on
            written.conversation_id = latest.conversation_id
            and written.happened_at >= latest.happened_at
    left join customers as meant
        on
            written.conversation_id = meant.conversation_id
            and written.answers_message_id = meant.id
),

paired as (
    select
        *,
        lag(id) over w as first_id,
        lag(agent_id) over w as first_agent_id,
        lag(writer) over w as first_writer,
        lag(happened_at) over w as first_at,
        lag(via) over w as first_via
    from placed
    where answered_id is not null
    window w as (partition by conversation_id, answered_id order by happened_at, id)
),

duplicates as (
    select
        *,
        epoch(happened_at) - epoch(first_at) as gap_seconds
    from paired
    where
        first_writer <> writer
        and epoch(happened_at) - epoch(first_at) <= 86400
),

worded as (
    select
        duplicates.*,
        metric.words(firsts.reply_text) as first_words,
        metric.words(seconds.reply_text) as second_words
    from duplicates
    inner join main.bodies as firsts
        on duplicates.first_id = firsts.message_id
    inner join main.bodies as seconds
        on duplicates.id = seconds.message_id
),

compared as (
    select
        *,
        case
            when len(first_words) + len(second_words) = 0 then 1.0
            else
                len(list_intersect(first_words, second_words))::double
                / len(list_distinct(list_concat(first_words, second_words)))
        end as word_overlap
    from worded
)

select
    compared.conversation_id,
    mailboxes.address as mailbox,
    turns.turn_no,
    compared.answered_id as customer_message_id,
    compared.first_id as first_message_id,
    compared.id as second_message_id,
    first_agents.email as first_agent,
    second_agents.email as second_agent,
    compared.first_at as first_sent_at,
    compared.happened_at as second_sent_at,
    compared.gap_seconds,
    case
        when compared.word_overlap < 0.5 then 'different_answers'
        when compared.word_overlap >= 0.8 then 'same_answer_twice'
        else 'overlapping'
    end as kind,
    compared.word_overlap,
    compared.gap_seconds <= 3600 as is_collision,
    'sent' in (compared.via, compared.first_via) as is_outside,
    compared.is_stale
from compared
inner join main.mailboxes
    on compared.mailbox_id = mailboxes.id
left join main.agents as first_agents
    on compared.first_agent_id = first_agents.id
left join main.agents as second_agents
    on compared.agent_id = second_agents.id
asof left join report.turns
    on
        compared.conversation_id = turns.conversation_id
        and compared.answered_at >= turns.waiting_since;
