-- The head of the diary in the copy.
select
    event_id,
    seal
from copied.events
order by event_id desc
limit 1;
