-- The report schema: documented read-only views, the same in the app and in every snapshot.
drop schema if exists report cascade;

drop schema if exists metric cascade;

create schema report;

create schema metric;
