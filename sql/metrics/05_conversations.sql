-- A conversation is one contact's thread of mail in one mailbox, with what was merged into it.
create view report.conversations as
select
    conversations.id as conversation_id,
    mailboxes.address as mailbox,
    conversations.subject,
    conversations.status,
    agents.email as assignee,
    conversations.contact_address as contact_email,
    conversations.created_at,
    conversations.last_message_at,
    conversations.message_count,
    case
        when coalesce(conversations.tags, '') = '' then []::varchar[]
        else string_split(conversations.tags, chr(10))
    end as tags,
    conversations.closed_at,
    conversations.spam_at,
    conversations.trashed_at
from main.conversations
inner join main.mailboxes
    on conversations.mailbox_id = mailboxes.id
left join main.agents
    on conversations.assignee_id = agents.id
where
    conversations.merged_into is null
    and conversations.begun_by is null;
