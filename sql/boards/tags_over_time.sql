-- title: Tags over time
-- definition: Conversations with each of the five most used tags, by the week in which they began.
-- chart: line
-- x: week
-- y: conversations
-- colour: tag
with tagged as (
    select
        conversation_id,
        date_trunc('week', created_at)::date as week,
        unnest(tags) as tag
    from report.conversations
    where
        spam_at is null
        and trashed_at is null
        and created_at >= date_trunc('week', $now) - interval 26 weeks
),

most as (
    select tag
    from tagged
    group by tag
    order by
        count(*) desc,
        tag asc
    limit 5
)

select
    week,
    tag,
    count(*) as conversations,
    list(conversation_id) as conversation_ids
from tagged
semi join most using (tag)
group by
    week,
    tag
order by
    week,
    tag;
