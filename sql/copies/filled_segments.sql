-- Up to which byte each raw segment holds mail that the copy knows; a line feed ends each record.
with places as (
    select
        segment,
        position + size_bytes + 1 as filled
    from copied.raw_messages
    union all
    select
        segment,
        position + size_bytes + 1 as filled
    from copied.outbox
)

select
    segment,
    max(filled) as filled
from places
group by segment;
