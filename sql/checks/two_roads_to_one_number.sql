-- Numbers that can be had in two ways are the same in both.
with roads as (
    select
        'messages in the mailboxes' as what,
        (select count(*) from messages) as one,
        (select sum(message_count) from report.conversations) as other
    union all
    select
        'messages in the report' as what,
        (select count(*) from messages) as one,
        (select count(*) from report.messages) as other
    union all
    select
        'attachments' as what,
        (select count(*) filter (where not is_inline) from attachments) as one,
        (select sum(attachment_count) from report.messages) as other
    union all
    select
        'answered conversations' as what,
        (select count(*) from report.first_response) as one,
        (
            select count(distinct conversation_id)
            from report.turns
            where
                state = 'answered'
                and turn_no = 1
        ) as other
)

select what || ': ' || one || ' by one road, ' || coalesce(other, 0) || ' by the other' as fault
from roads
where one <> coalesce(other, 0);
