-- title: Who has waited longest
-- definition: Open waits when these numbers were made, the twenty longest.
-- chart: table
select
    conversations.conversation_id,
    conversations.subject,
    round(date_diff('minute', waits.waiting_since, $now) / 60, 1) as hours,
    conversations.contact_email as customer,
    waits.mailbox
from report.still_waiting as waits
inner join report.conversations
    on waits.conversation_id = conversations.conversation_id
order by hours desc
limit 20;
