-- Keys of the latest events, in the order in which they came: a line for each commit, by the position of its last event,
-- with 24 bytes for each key (position, high, low). They are moved to `hash_key` by the hundred, those that begin alike
-- at once, because each by itself would dirty a page of its own; until then the writing process knows them by heart.
CREATE TABLE recent_repetition (
    position INTEGER PRIMARY KEY,
    keys     BLOB NOT NULL CHECK (length(keys) > 0 AND length(keys) % 24 = 0)
) STRICT;

-- How far that has come, so that a process which starts does not move them once more. The shards are the 256 first bytes of
-- keys, in order; they are moved one after the other, round and round.
CREATE TABLE repetition_progress (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    -- Every key of the lines up to here is in `hash_key`,
    moved  INTEGER NOT NULL,
    -- and of the lines up to here every key of the shards below this one.
    round  INTEGER NOT NULL CHECK (round >= moved),
    shard  INTEGER NOT NULL CHECK (shard BETWEEN 0 AND 255)
) STRICT;
INSERT INTO repetition_progress VALUES (1, 0, 0, 0);
