-- Repetition keys that are not among the latest any more: a hundred or so in a row, because they are moved by the hundred and
-- one row for each was searched for and changed by itself. A program of an earlier version that still has the store open
-- does not find `hash_key` and says so; it must not look for keys where they are not.
CREATE TABLE repetition_page (
    -- The row's keys begin with this number (the high half) or a greater one, those of the next row with that one's.
    first INTEGER PRIMARY KEY,
    -- In order, 24 bytes each (position, high, low).
    keys  BLOB NOT NULL CHECK (length(keys) > 0 AND length(keys) % 24 = 0)
) STRICT;

-- 128-bit hashes that lead to a dispatch: 1 provider's message id, 2 key of a single message.
CREATE TABLE dispatch_key (
    space    INTEGER NOT NULL CHECK (space IN (1, 2)),
    high     INTEGER NOT NULL,
    low      INTEGER NOT NULL,
    dispatch INTEGER NOT NULL,
    PRIMARY KEY (space, high, low)
) STRICT, WITHOUT ROWID;
INSERT INTO dispatch_key SELECT space - 1, high, low, value FROM hash_key WHERE space > 1 ORDER BY space, high, low;

-- There are no programs any more that move keys without telling the filters.
DROP TRIGGER repetition_filters_are_void;
ALTER TABLE repetition_progress DROP COLUMN filtered;
