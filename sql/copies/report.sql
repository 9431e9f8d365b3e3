-- The report views as tables of a file of their own, and nothing else, as of one moment.
create schema copied.report;

create table copied.report.mailboxes as
select * from report.mailboxes
order by mailbox_id;

create table copied.report.agents as
select * from report.agents
order by agent_id;

create table copied.report.contacts as
select * from report.contacts
order by contact_id;

create table copied.report.conversations as
select * from report.conversations
order by conversation_id;

create table copied.report.messages as
select * from report.messages
order by message_id;

create table copied.report.attachments as
select * from report.attachments
order by message_id, filename;

create table copied.report.events as
select * from report.events
order by event_id;

create table copied.report.turns as
select * from report.turns
order by conversation_id, turn_no;

create table copied.report.first_response as
select * from report.first_response
order by conversation_id;

create table copied.report.resolution as
select * from report.resolution
order by conversation_id;

create table copied.report.duplicate_replies as
select * from report.duplicate_replies
order by
    conversation_id,
    second_message_id;

create table copied.report.agent_load as
select * from report.agent_load
order by
    day,
    mailbox,
    agent;

create table copied.report.still_waiting as
select * from report.still_waiting
order by conversation_id;

create table copied.report.customer_wait as
select * from report.customer_wait
order by conversation_id;

create table copied.report.reopens as
select * from report.reopens
order by conversation_id, reopened_at;

create table copied.report.assignment as
select * from report.assignment
order by conversation_id;

create table copied.report.touches as
select * from report.touches
order by conversation_id;

create table copied.report.targets as
select * from report.targets
order by conversation_id, kind, turn_no;

create table copied.report.duplicate_rate as
select * from report.duplicate_rate
order by day, mailbox;

create table copied.report.unassigned_at_shift_end as
select * from report.unassigned_at_shift_end
order by shift_ended_at, mailbox;

create table copied.report.unanswered as
select * from report.unanswered
order by waiting_since, conversation_id;
