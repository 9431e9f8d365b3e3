-- First response time is the length of a conversation's first turn, if that turn was answered.
create view report.first_response as
select
    conversation_id,
    wait_seconds as first_response_seconds,
    wait_business_seconds as first_response_business_seconds,
    replied_by as answered_by
from report.turns
where
    turn_no = 1
    and state = 'answered';
