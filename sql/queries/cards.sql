-- name: of_house
select
    cards.id,
    cards.title,
    cards.definition,
    cards.question,
    cards.created_at,
    coalesce(agents.name, '') as saved_by
from cards
left join agents
    on cards.agent_id = agents.id
where cards.removed_at is null
order by cards.title, cards.id;

-- name: save
insert into cards (title, definition, question, agent_id, created_at)
values ($title, $definition, $question, $agent_id, $now)
returning id;

-- name: remove
update cards
set removed_at = $now
where
    id = $card_id
    and removed_at is null;

-- name: bring_back
update cards
set removed_at = null
where
    id = $card_id
    and removed_at is not null;

-- name: columns
select
    table_name,
    column_name,
    data_type
from information_schema.columns
where table_schema = 'report'
order by table_name, ordinal_position;
