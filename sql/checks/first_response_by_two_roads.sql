-- A first response is as long as its two messages are apart, and is told once for each answer.
select 'conversation ' || first_response.conversation_id || ' took another time to answer' as fault
from report.first_response
inner join report.turns
    on
        first_response.conversation_id = turns.conversation_id
        and turns.turn_no = 1
left join messages as asked
    on turns.customer_message_id = asked.id
left join messages as answer
    on turns.reply_message_id = answer.id
where
    abs(epoch(asked.received_at) - epoch(asked.sent_at)) <= 86400
    and abs(epoch(answer.received_at) - epoch(answer.sent_at)) <= 86400
    and first_response.first_response_seconds
    is distinct from epoch(answer.sent_at) - epoch(asked.sent_at)
union all
select 'conversation ' || conversation_id || ' has two first responses' as fault
from report.first_response
group by conversation_id
having count(*) > 1
union all
select 'conversation ' || first_response.conversation_id || ' has no reply' as fault
from report.first_response
where
    not exists (
        select 1
        from messages
        inner join conversations as members
            on messages.conversation_id = members.id
        where
            coalesce(members.merged_into, members.id) = first_response.conversation_id
            and messages.direction = 'out'
    );
