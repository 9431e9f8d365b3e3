-- A conversation that was merged counts as the one it is in now: its family.
create view metric.families as
select
    id as conversation_id,
    coalesce(merged_into, id) as family_id
from main.conversations;
