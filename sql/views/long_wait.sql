-- title: Waits more than a day
-- definition: Open, and the customer has waited for an answer for more than 24 hours.
select id
from conversations
where
    status = 'open'
    and waiting_since < $now::timestamp - interval '24 hours';
