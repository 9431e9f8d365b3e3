-- title: Companies that write most
-- definition: Conversations of 13 weeks by the domain of the address, the twelve with most.
-- chart: bar
-- x: company
-- y: conversations
select
    lower(split_part(contact_email, '@', 2)) as company,
    count(*) as conversations,
    list(conversation_id) as conversation_ids
from report.conversations
where
    spam_at is null
    and trashed_at is null
    and contact_email like '%@%'
    and created_at >= date_trunc('day', $now) - interval 91 days
group by company
order by
    conversations desc,
    company asc
limit 12;
