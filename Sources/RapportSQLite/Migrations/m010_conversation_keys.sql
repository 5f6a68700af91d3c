-- A row for each time that a name was given: the latest counts. Before, the latest stood in place of the others, and when an
-- erasure took it away, what the others had named was lost, too.
CREATE TABLE conversation_naming (
    high         INTEGER NOT NULL,
    low          INTEGER NOT NULL,
    position     INTEGER NOT NULL,
    conversation TEXT NOT NULL,
    PRIMARY KEY (high, low, position)
) STRICT, WITHOUT ROWID;
INSERT INTO conversation_naming SELECT high, low, position, conversation FROM conversation_key ORDER BY high, low;
DROP TABLE conversation_key;
ALTER TABLE conversation_naming RENAME TO conversation_key;
