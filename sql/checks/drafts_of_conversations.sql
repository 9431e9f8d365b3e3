-- Every draft is written in a conversation, and every file added to one belongs to a draft.
select 'draft ' || drafts.id || ' is in no conversation' as fault
from drafts
left join conversations
    on drafts.conversation_id = conversations.id
where conversations.id is null
union all
select 'upload ' || draft_attachments.id || ' belongs to no draft' as fault
from draft_attachments
left join drafts
    on draft_attachments.draft_id = drafts.id
where drafts.id is null;
