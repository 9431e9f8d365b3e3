-- What a team knows of whoever writes to it. A row of `contacts` is one address; what was merged,
-- or added as one more address, points with `merged_into` to the row that stands for the whole
-- contact. `contact_links` is the truth, a row for each merge; `before` tells what was known of the
-- one that stays before it. No conversation moves: its contact_id is the row it was filed under.
alter table contacts add column merged_into bigint;

-- Whether an agent has given the name: then no mail's own takes its place.
alter table contacts add column is_named boolean default false;

alter table contacts add column is_vip boolean default false;

alter table contacts add column phone varchar default '';

alter table contacts add column note varchar default '';

-- Null: by the domain of the address. Empty: none.
alter table contacts add column company varchar;

-- A list of {"name", "kind", "value"}, as JSON.
alter table contacts add column properties varchar default '[]';

-- The newest line of the diary about this contact: what was done before it cannot be taken back.
alter table contacts add column event_id bigint default 0;

create sequence contact_link_ids;

create table contact_links (
    id bigint primary key default nextval('contact_link_ids'),
    mailbox_id bigint not null,
    contact_id bigint not null,
    into_id bigint not null,
    linked_at timestamp not null,
    event_id bigint not null,
    before varchar not null,
    undone_at timestamp
);

create sequence company_ids;

-- What a team calls the company behind a domain.
create table companies (
    id bigint primary key default nextval('company_ids'),
    mailbox_id bigint not null,
    domain varchar not null,
    name varchar not null,
    named_at timestamp not null
);

-- What a list shows of the contact; and whether a conversation is urgent for that alone.
alter table conversations add column is_vip boolean default false;

alter table conversations add column urgent_for_vip boolean default false;
