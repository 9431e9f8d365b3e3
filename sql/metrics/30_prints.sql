-- A print of a table of derived numbers is the same for the same rows, in whatever order they lie.
create view metric.prints as
select
    'steps' as which,
    count(*) as row_count,
    coalesce(sum(hash(steps)), 0)::varchar as print
from main.steps
union all
select
    'turns' as which,
    count(*) as row_count,
    coalesce(sum(hash(turns)), 0)::varchar as print
from main.turns
union all
select
    'pairs' as which,
    count(*) as row_count,
    coalesce(sum(hash(pairs)), 0)::varchar as print
from main.pairs
union all
select
    'stands' as which,
    count(*) as row_count,
    coalesce(sum(hash(stands)), 0)::varchar as print
from main.stands;
