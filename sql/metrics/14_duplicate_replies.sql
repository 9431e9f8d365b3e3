-- A duplicate is two replies in a row, by different people, to one customer message within 24 h.
create macro metric.pairs_of(changed, told) as table
    with due as (
        select conversation_id
        from query_table(changed)
        where family_id = conversation_id
    ),

    its as (
        select steps.*
        from query_table(told) as steps
        inner join due
            on steps.conversation_id = due.conversation_id
        where steps.step in ('wait', 'answered')
    ),

    -- Whoever was answered once has no pair.
    busy as (
        select conversation_id
        from its
        where step = 'answered'
        group by conversation_id
        having count(*) > 1
    ),

    customers as (
        select
            its.conversation_id,
            its.id,
            its.happened_at
        from its
        inner join busy
            on its.conversation_id = busy.conversation_id
        inner join main.conversations
            on its.conversation_id = conversations.id
        where
            its.step = 'wait'
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
            its.conversation_id,
            its.id,
            its.happened_at,
            messages.mailbox_id,
            messages.answers_message_id,
            messages.via,
            messages.from_name,
            messages.from_address,
            coalesce(its.agent_id, addressed.agent_id, named.agent_id) as agent_id
        from its
        inner join busy
            on its.conversation_id = busy.conversation_id
        inner join main.messages
            on its.id = messages.id
        left join addressed
            on lower(messages.from_address) = addressed.address
        left join named
            on
                regexp_replace(lower(messages.from_name), '^([^,]+), *([^,]+)$', '\2 \1')
                = named.name
        where its.step = 'answered'
    ),

    placed as (
        select
            written.*,
            coalesce(meant.id, latest.id) as answered_id,
            coalesce(meant.happened_at, latest.happened_at) as answered_at,
            coalesce(latest.happened_at > meant.happened_at, false) as is_stale,
            coalesce(
                'agent ' || written.agent_id,
                lower(written.from_name) || ' ' || written.from_address
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
        select *
        from paired
        where
            first_writer <> writer
            and epoch(happened_at) - epoch(first_at) <= 86400
    ),

    wanted as (
        select first_id as id
        from duplicates
        union
        select id
        from duplicates
    ),

    texts as (
        select
            bodies.message_id,
            metric.words(bodies.reply_text) as words
        from main.bodies
        inner join query_table(changed) as members
            on bodies.conversation_id = members.conversation_id
        inner join wanted
            on bodies.message_id = wanted.id
    ),

    worded as (
        select
            duplicates.*,
            firsts.words as first_words,
            seconds.words as second_words
        from duplicates
        inner join texts as firsts
            on duplicates.first_id = firsts.message_id
        inner join texts as seconds
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
        conversation_id,
        mailbox_id,
        answered_id as customer_message_id,
        answered_at as customer_wrote_at,
        first_id as first_message_id,
        id as second_message_id,
        first_agent_id,
        agent_id as second_agent_id,
        first_at as first_sent_at,
        happened_at as second_sent_at,
        word_overlap,
        'sent' in (via, first_via) as is_outside,
        is_stale
    from compared;

create view metric.pairs_united as
select pairs.*
from main.pairs
anti join metric.due
    on pairs.conversation_id = due.conversation_id
union all
select * from metric.pairs_of('metric.due', 'metric.steps_due');

create view metric.pairs_kept as
select * from main.pairs;

create view metric.pairs as
select * from query_table(metric.kept_or('metric.pairs_kept', 'metric.pairs_united'));

create view report.duplicate_replies as
with pairs as materialized (
    select * from metric.pairs
),

intended as (
    select distinct
        first_message_id,
        second_message_id
    from main.intended_pairs
),

turns as (
    select
        turns.conversation_id,
        turns.turn_no,
        turns.waiting_since
    from metric.turns
    semi join pairs
        on turns.conversation_id = pairs.conversation_id
)

select
    pairs.conversation_id,
    mailboxes.address as mailbox,
    turns.turn_no,
    pairs.customer_message_id,
    pairs.first_message_id,
    pairs.second_message_id,
    first_agents.email as first_agent,
    second_agents.email as second_agent,
    pairs.first_sent_at,
    pairs.second_sent_at,
    epoch(pairs.second_sent_at) - epoch(pairs.first_sent_at) as gap_seconds,
    case
        when pairs.word_overlap < 0.5 then 'different_answers'
        when pairs.word_overlap >= 0.8 then 'same_answer_twice'
        else 'overlapping'
    end as kind,
    pairs.word_overlap,
    epoch(pairs.second_sent_at) - epoch(pairs.first_sent_at) <= 3600 as is_collision,
    pairs.is_outside,
    pairs.is_stale,
    intended.first_message_id is not null as is_intended
from pairs
left join intended
    on
        pairs.first_message_id = intended.first_message_id
        and pairs.second_message_id = intended.second_message_id
inner join main.mailboxes
    on pairs.mailbox_id = mailboxes.id
left join main.agents as first_agents
    on pairs.first_agent_id = first_agents.id
left join main.agents as second_agents
    on pairs.second_agent_id = second_agents.id
asof left join turns
    on
        pairs.conversation_id = turns.conversation_id
        and pairs.customer_wrote_at >= turns.waiting_since;
