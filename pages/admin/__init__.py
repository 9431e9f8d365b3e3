"""What admins and managers look after: mailboxes, people, health."""
