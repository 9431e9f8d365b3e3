-- Due is what must be counted anew: each conversation of which the diary has a line since then.
create view metric.seen as
select
    md5(concat(
        (
            select string_agg(concat_ws(' ', id, lower(address), calendar), chr(10) order by id)
            from main.mailboxes
        ),
        (
            select
                string_agg(
                    concat_ws(
                        chr(9), calendar, version, valid_from, time_zone, hours, country,
                        subdivision, days, drawn_from, drawn_until
                    ),
                    chr(10) order by calendar, version
                )
            from main.calendar_versions
        ),
        (
            select string_agg(concat_ws(' ', id, lower(email), lower(name)), chr(10) order by id)
            from main.agents
        )
    )) as seen;

-- Up to which line of the diary is counted, and whether everything must be counted anew.
create view metric.until as
select
    coalesce(derived.event_id, -1) as event_id,
    coalesce(derived.seen <> seen.seen, true) as is_everything
from metric.seen
left join main.derived
    on true;

create view metric.touched as
select distinct events.conversation_id
from main.events
cross join metric.until
where
    events.event_id > until.event_id
    -- What somebody does for themselves moves no number; whatever else there may be, might.
    and events.kind not in (
        'opened', 'fetched', 'downloaded', 'exported', 'followed', 'unfollowed',
        'marked_read', 'marked_unread', 'template_used'
    )
    and events.conversation_id is not null;

-- `family_id` is the conversation a member counts as, null for one that is gone.
create view metric.due as
with touched as (
    select * from metric.touched
),

heads as (
    select coalesce(conversations.merged_into, conversations.id) as family_id
    from main.conversations
    inner join touched
        on conversations.id = touched.conversation_id
    union
    select id as family_id
    from main.conversations
    where
        merged_into is null
        and (select until.is_everything from metric.until)
),

found as (
    select
        conversations.id as conversation_id,
        heads.family_id
    from main.conversations
    inner join heads
        on coalesce(conversations.merged_into, conversations.id) = heads.family_id
    union all
    select
        touched.conversation_id,
        null as family_id
    from touched
    anti join main.conversations
        on touched.conversation_id = conversations.id
),

-- Through a list, so that the planner takes it for the few that they are and looks them up.
listed as (
    select list(found) as every
    from found
)

select unnest(every, recursive := true)
from listed;

-- Which of two tables is read: what is kept, where whoever reads has looked in the same moment of
-- the house and nothing was due (Session._settle of inbox/store.py), and else what unites both.
create macro metric.kept_or(kept, united) as
case when coalesce(getvariable('nothing_is_due'), false) then kept else united end;
