-- A whole copy of the database: tables, sequences, indexes, keys and views, as of one moment.
attach $file as copied;

copy from database inbox to copied;
