-- Who was part of whom, and in which rows' time: what came in meanwhile stands in the rows of whoever stood for both, and an
-- erasure has to find it there after the merge was undone.
CREATE TABLE merger (
    -- Who became part of the other.
    customer INTEGER NOT NULL REFERENCES customer (id),
    other    INTEGER NOT NULL REFERENCES customer (id) CHECK (other <> customer),
    -- The row that made them one, and the one that undid it.
    position INTEGER NOT NULL,
    undone   INTEGER,
    PRIMARY KEY (customer, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX merger_by_other ON merger (other);

-- What earlier versions have merged, the log says; a store without a merge is not searched for any.
CREATE TEMP TABLE noted_merger AS
    SELECT position, merges, CAST(substr(json_extract(effect, '$.from'), 2) AS INTEGER) AS customer,
        CAST(substr(json_extract(effect, '$.into'), 2) AS INTEGER) AS other
    FROM (
        SELECT i.position, json_type(i.effects, '$.merged') IS NOT NULL AS merges,
            ifnull(json_extract(i.effects, '$.merged'), json_extract(i.effects, '$.unmerged')) AS effect
        FROM main.interaction i
        WHERE EXISTS (SELECT 1 FROM main.word WHERE text = 'customer.merged')
            AND i.kind IN (SELECT id FROM main.word WHERE text IN ('customer.merged', 'customer.unmerged'))
            AND json_valid(i.effects)
    )
    WHERE effect IS NOT NULL;
INSERT INTO merger (customer, other, position, undone)
    SELECT customer, other, position, undone FROM (
        SELECT customer, other, position, merges,
            lead(position) OVER (PARTITION BY customer ORDER BY position) AS undone
        FROM (
            SELECT *, lag(merges) OVER earlier AS merged_before, lag(other) OVER earlier AS other_before
            FROM noted_merger WINDOW earlier AS (PARTITION BY customer ORDER BY position)
        )
        -- Told twice, it was made, or undone, by the first.
        WHERE merges IS NOT merged_before OR other IS NOT other_before
    ) noted
    WHERE merges AND customer <> other
        AND customer IN (SELECT id FROM customer) AND other IN (SELECT id FROM customer)
        -- One that would have made a circle was told and changed nothing.
        AND (undone IS NOT NULL OR other = (SELECT c.merged_into FROM customer c WHERE c.id = noted.customer));
DROP TABLE noted_merger;
