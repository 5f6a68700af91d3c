-- What tells of most new keys of a shard that `hash_key` does not have them, without a look into it: a Bloom filter of all
-- keys of the shard that are there. A shard without a line has to be looked into; it gets one when keys are moved to it.
CREATE TABLE repetition_filter (
    shard INTEGER PRIMARY KEY CHECK (shard BETWEEN 0 AND 255),
    -- How many keys it was told of.
    keys  INTEGER NOT NULL CHECK (keys > 0),
    -- Blocks of 64 bytes.
    bits  BLOB NOT NULL CHECK (length(bits) > 0 AND length(bits) % 64 = 0)
) STRICT;

-- Counted on whenever keys are moved and the filters told of them. An older program that still has the store open moves keys
-- as well and does not know of filters: what the file's say is void then.
ALTER TABLE repetition_progress ADD COLUMN filtered INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER repetition_filters_are_void AFTER UPDATE ON repetition_progress WHEN new.filtered = old.filtered
BEGIN DELETE FROM repetition_filter; END;
