-- A mailbox is one shared address; nothing of its servers or passwords is shown.
create view report.mailboxes as
select
    id as mailbox_id,
    address as mailbox,
    name,
    calendar,
    is_active,
    created_at
from main.mailboxes;
