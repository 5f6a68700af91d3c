-- The same check of a dispatch's state as before, by ranges: for a list of so many numbers SQLite makes a table with each
-- statement and looks every changed row up in it, which took a third of the time of a row's steps. Only the words of the schema
-- change, as https://www.sqlite.org/lang_altertable.html (section 7) describes it; `Schema.migrate` tells other connections.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(
        sql, 'state IN (0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 15)', 'state BETWEEN 0 AND 4 OR state BETWEEN 10 AND 15')
    WHERE type = 'table' AND name = 'dispatch';
PRAGMA writable_schema = RESET;
