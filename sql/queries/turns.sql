-- name: find_due
insert into due
select
    conversation_id,
    family_id
from metric.due;

-- name: clear_due
delete from due;

-- name: forget_steps
delete from steps
where conversation_id in (select due.conversation_id from due);

-- name: count_steps
insert into steps by name
select * from metric.steps_of('main.due');

-- name: forget_turns
delete from turns
where conversation_id in (select due.conversation_id from due);

-- name: count_turns
insert into turns by name
select * from metric.turns_of('main.due', 'main.steps');

-- name: forget_pairs
delete from pairs
where conversation_id in (select due.conversation_id from due);

-- name: count_pairs
insert into pairs by name
select * from metric.pairs_of('main.due', 'main.steps');

-- name: forget_stands
delete from stands
where conversation_id in (select due.conversation_id from due);

-- name: count_stands
insert into stands by name
select * from metric.stands_of('main.due');

-- name: forget_mark
delete from derived;

-- name: mark
-- Counted up to the diary's newest line.
insert into derived (event_id, seen)
select
    (
        select coalesce(max(events.event_id), 0)
        from events
    ),
    seen.seen
from metric.seen;

-- name: touched
select
    count(*) as touched_count,
    (select until.is_everything from metric.until) as is_everything
from metric.touched;

-- name: late
-- Whether anything has to be counted anew.
select
    (select count(*) from metric.touched) > 0
    or (select until.is_everything from metric.until) as is_late;

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
