-- `timeline` is brought up to date for thousands of rows at once, because for each row by itself it would dirty a page of
-- its own. What the rows since then are, the log says, and the writing process knows by heart.
CREATE TABLE timeline_progress (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    -- The last rows of all customers among the rows up to here are in `timeline`, or later ones.
    position INTEGER NOT NULL
) STRICT;
INSERT INTO timeline_progress SELECT 1, ifnull(max(position), 0) FROM interaction;
