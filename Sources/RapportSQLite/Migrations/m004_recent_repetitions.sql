-- Keys of the latest events, in the order in which they came: a line for each commit, by the position of its last event,
-- with 24 bytes for each key (position, high, low). They are moved to `hash_key` by the hundred, those that begin alike
-- at once, because each by itself would dirty a page of its own; until then the writing process knows them by heart.
CREATE TABLE recent_repetition (
    position INTEGER PRIMARY KEY,
    keys     BLOB NOT NULL CHECK (length(keys) > 0 AND length(keys) % 24 = 0)
) STRICT;
