-- The report tables of a snapshot (kept), as far as one person may read (allowed): of mailboxes
-- that are read, of colleagues by name only where these may be compared, and nothing of what has
-- been moved, hidden or deleted since.
create schema report;

create view report.mailboxes as
select mailboxes.*
from kept.report.mailboxes
semi join allowed.mailboxes as boxes
    on mailboxes.mailbox_id = boxes.mailbox_id;

create view allowed.seen as
select
    mailboxes.mailbox,
    boxes.may_compare
from kept.report.mailboxes
inner join allowed.mailboxes as boxes
    on mailboxes.mailbox_id = boxes.mailbox_id;

create view allowed.stories as
select
    conversations.conversation_id,
    seen.may_compare
from kept.report.conversations
inner join allowed.seen
    on conversations.mailbox = seen.mailbox
anti join allowed.withdrawn as gone
    on conversations.conversation_id = gone.conversation_id;

create view report.agents as
select agents.*
from kept.report.agents
semi join allowed.agents as known
    on agents.agent_id = known.agent_id;

create view report.contacts as
select contacts.*
from kept.report.contacts
semi join allowed.seen
    on contacts.mailbox = seen.mailbox;

create view report.conversations as
select conversations.* replace (case when seen.may_compare then assignee end as assignee)
from kept.report.conversations
inner join allowed.stories as seen
    on conversations.conversation_id = seen.conversation_id;

create view report.messages as
select
    messages.* replace (
        case when seen.may_compare or direction = 'in' then from_name end as from_name,
        case when seen.may_compare or direction = 'in' then from_email end as from_email,
        case when seen.may_compare then agent end as agent
    )
from kept.report.messages
inner join allowed.stories as seen
    on messages.conversation_id = seen.conversation_id;

create view report.attachments as
select attachments.*
from kept.report.attachments
semi join report.messages
    on attachments.message_id = messages.message_id;

create view report.events as
with seen as (
    select
        conversation_id,
        null as mailbox,
        may_compare
    from allowed.stories
    union all
    select
        null as conversation_id,
        mailbox,
        may_compare
    from allowed.seen
)

select events.* replace (case when seen.may_compare then actor end as actor)
from kept.report.events
inner join seen
    on
        events.conversation_id = seen.conversation_id
        or (events.conversation_id is null and events.mailbox = seen.mailbox);

create view report.turns as
select turns.* replace (case when seen.may_compare then replied_by end as replied_by)
from kept.report.turns
inner join allowed.stories as seen
    on turns.conversation_id = seen.conversation_id;

create view report.first_response as
select first_response.* replace (case when seen.may_compare then answered_by end as answered_by)
from kept.report.first_response
inner join allowed.stories as seen
    on first_response.conversation_id = seen.conversation_id;

create view report.resolution as
select resolution.*
from kept.report.resolution
semi join allowed.stories as seen
    on resolution.conversation_id = seen.conversation_id;

create view report.duplicate_replies as
select
    duplicate_replies.* replace (
        case when seen.may_compare then first_agent end as first_agent,
        case when seen.may_compare then second_agent end as second_agent
    )
from kept.report.duplicate_replies
inner join allowed.stories as seen
    on duplicate_replies.conversation_id = seen.conversation_id;

create view report.agent_load as
select agent_load.*
from kept.report.agent_load
inner join allowed.seen
    on
        agent_load.mailbox = seen.mailbox
        and seen.may_compare;

create view report.still_waiting as
select still_waiting.* replace (case when seen.may_compare then assignee end as assignee)
from kept.report.still_waiting
inner join allowed.stories as seen
    on still_waiting.conversation_id = seen.conversation_id;

create view report.customer_wait as
select customer_wait.*
from kept.report.customer_wait
semi join allowed.stories as seen
    on customer_wait.conversation_id = seen.conversation_id;

create view report.reopens as
select reopens.*
from kept.report.reopens
semi join allowed.stories as seen
    on reopens.conversation_id = seen.conversation_id;

create view report.assignment as
select assignment.*
from kept.report.assignment
semi join allowed.stories as seen
    on assignment.conversation_id = seen.conversation_id;

create view report.touches as
select touches.*
from kept.report.touches
semi join allowed.stories as seen
    on touches.conversation_id = seen.conversation_id;

create view report.targets as
select targets.*
from kept.report.targets
semi join allowed.stories as seen
    on targets.conversation_id = seen.conversation_id;

create view report.duplicate_rate as
select duplicate_rate.*
from kept.report.duplicate_rate
semi join allowed.seen
    on duplicate_rate.mailbox = seen.mailbox;

create view report.unassigned_at_shift_end as
select unassigned_at_shift_end.*
from kept.report.unassigned_at_shift_end
semi join allowed.seen
    on unassigned_at_shift_end.mailbox = seen.mailbox;

create view report.unanswered as
select unanswered.* replace (case when seen.may_compare then assignee end as assignee)
from kept.report.unanswered
inner join allowed.stories as seen
    on unanswered.conversation_id = seen.conversation_id;
