-- An attachment is one file in a message, pictures inside the text included; not its bytes.
create view report.attachments as
select
    message_id,
    filename,
    content_type,
    size_bytes,
    sha256,
    is_inline
from main.attachments;
