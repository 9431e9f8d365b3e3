-- One more mail of a customer, like another one.
insert into messages by name
select
    one.* replace (
        (
            select max(newest.id) + 1
            from messages as newest
        ) as id,
        $now::timestamp as sent_at,
        $now::timestamp as received_at
    )
from messages as one
where
    one.conversation_id = $conversation_id
    and one.direction = 'in'
limit 1;
