-- What a person must look at, and what the way in looks up, kept where it is found at once.

-- Pairs of customers whom one event named together, so that they may be one person. An effect of the log says so; the
-- notes of earlier versions get theirs here.
CREATE TABLE identity_conflict (
    customer   INTEGER NOT NULL REFERENCES customer (id),
    other      INTEGER NOT NULL REFERENCES customer (id) CHECK (other > customer),
    -- The latest row that speaks of the pair.
    position   INTEGER NOT NULL,
    -- A colleague said that they are two.
    told_apart INTEGER NOT NULL CHECK (told_apart IN (0, 1)),
    -- Neither that, nor merged into one.
    open       INTEGER NOT NULL CHECK (open IN (0, 1)),
    PRIMARY KEY (customer, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_conflict_by_other ON identity_conflict (other);
CREATE INDEX identity_conflict_open ON identity_conflict (open) WHERE open = 1;

CREATE TEMP TABLE noted_conflict AS
    SELECT i.position, i.customer, replace(json_extract(i.attributes, '$.customers'), 'c', '') AS others
    FROM main.word w CROSS JOIN main.interaction i ON i.kind = w.id
    WHERE w.text = 'identity.conflict' AND i.effects IS NULL AND i.customer IS NOT NULL
        AND json_extract(i.attributes, '$.customers') <> '';
UPDATE interaction SET effects = (
        SELECT 'I' || n.customer || ' ' || n.others FROM noted_conflict n WHERE n.position = interaction.position)
    WHERE position IN (SELECT position FROM noted_conflict);
INSERT INTO identity_conflict
    SELECT min(a.id, b.id), max(a.id, b.id), max(n.position), 0, a.root <> b.root
    FROM noted_conflict n CROSS JOIN json_each('[' || n.others || ']') o
        CROSS JOIN customer a ON a.id = n.customer CROSS JOIN customer b ON b.id = o.value
    WHERE a.id <> b.id AND a.erased = 0 AND b.erased = 0 GROUP BY 1, 2;
DROP TABLE noted_conflict;

-- Why a reader of the log got no further when it last tried; gone as soon as it does.
ALTER TABLE reader ADD COLUMN failure TEXT;
ALTER TABLE reader ADD COLUMN failed_at INTEGER CHECK ((failed_at IS NULL) = (failure IS NULL));

-- Whether something is open in a conversation is asked with every event, however much the customer waits for.
DROP INDEX follow_up_open_by_customer;
CREATE INDEX follow_up_open_by_customer ON follow_up (customer, conversation, kind) WHERE closed = 0;

-- Erased customers for whose addresses the rows of nobody are still looked through; a line is gone when that is done.
CREATE TABLE erasure (
    customer  INTEGER PRIMARY KEY REFERENCES customer (id),
    -- Those that only the customer had, as JSON.
    addresses TEXT NOT NULL,
    -- The row at which it began, and the one with which it goes on, towards the first.
    first     INTEGER NOT NULL,
    next      INTEGER NOT NULL CHECK (next BETWEEN 1 AND first)
) STRICT;
