-- A contact is one person who writes to one mailbox.
create view report.contacts as
select
    contacts.id as contact_id,
    mailboxes.address as mailbox,
    contacts.address as email,
    contacts.name,
    contacts.created_at
from main.contacts
inner join main.mailboxes
    on contacts.mailbox_id = mailboxes.id;
