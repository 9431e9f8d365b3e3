-- name: forget_steps
delete from steps
where conversation_id in (select due.conversation_id from metric.due('steps') as due);

-- name: count_steps
insert into steps by name
select * from metric.steps_of('steps');

-- name: forget_turns
delete from turns
where conversation_id in (select due.conversation_id from metric.due('turns') as due);

-- name: count_turns
insert into turns by name
select * from metric.turns_of('turns');

-- name: forget_pairs
delete from pairs
where conversation_id in (select due.conversation_id from metric.due('pairs') as due);

-- name: count_pairs
insert into pairs by name
select * from metric.pairs_of('pairs');

-- name: forget_stands
delete from stands
where conversation_id in (select due.conversation_id from metric.due('stands') as due);

-- name: count_stands
insert into stands by name
select * from metric.stands_of('stands');

-- name: forget_mark
delete from derived
where which = $which;

-- name: mark
-- Counted up to the diary's newest line.
insert into derived (which, event_id, seen)
select
    $which,
    (
        select coalesce(max(events.event_id), 0)
        from events
    ),
    metric.seen($which);

-- name: late
-- Whether anything has to be counted anew.
select
    exists (select 1 from metric.due('steps'))
    or exists (select 1 from metric.due('turns'))
    or exists (select 1 from metric.due('pairs'))
    or exists (select 1 from metric.due('stands')) as is_late;

-- name: prints
select
    which,
    row_count,
    print
from metric.prints;

-- name: clear_steps
delete from steps;

-- name: clear_turns
delete from turns;

-- name: clear_pairs
delete from pairs;

-- name: clear_stands
delete from stands;
