-- Counters that cost less where messages and events pass through by the thousand.

-- A row in hand (claimed or handed off) is counted as planned: it enters and leaves that state with every message, there
-- are never more of them than a hub has in hand, and the index `dispatch_in_hand` finds them. `dispatch_count` tells
-- them apart again.
DROP TRIGGER dispatch_planned;
DROP TRIGGER dispatch_moved;
DELETE FROM dispatch_tally;
INSERT INTO dispatch_tally
    SELECT ifnull(campaign, 0), adapter, iif(node IS NULL, state, 0), ifnull(rule, ''), count(*) FROM dispatch
    GROUP BY 1, 2, 3, 4;

CREATE TRIGGER dispatch_planned AFTER INSERT ON dispatch BEGIN
    INSERT INTO dispatch_tally
        VALUES (ifnull(new.campaign, 0), new.adapter, iif(new.state IN (2, 10), 0, new.state), ifnull(new.rule, ''), 1)
        ON CONFLICT DO UPDATE SET rows = rows + 1;
END;

CREATE TRIGGER dispatch_moved AFTER UPDATE OF adapter, state, rule ON dispatch
WHEN old.adapter <> new.adapter OR old.rule IS NOT new.rule
    OR iif(old.state IN (2, 10), 0, old.state) <> iif(new.state IN (2, 10), 0, new.state) BEGIN
    UPDATE dispatch_tally SET rows = rows - 1
        WHERE campaign = ifnull(old.campaign, 0) AND adapter = old.adapter
            AND state = iif(old.state IN (2, 10), 0, old.state) AND rule = ifnull(old.rule, '');
    INSERT INTO dispatch_tally
        VALUES (ifnull(new.campaign, 0), new.adapter, iif(new.state IN (2, 10), 0, new.state), ifnull(new.rule, ''), 1)
        ON CONFLICT DO UPDATE SET rows = rows + 1;
END;

-- How many rows of a campaign (0: of none) stand where; several lines may have to be added up.
CREATE VIEW dispatch_count AS
    SELECT campaign, adapter, state, rule, rows FROM dispatch_tally
    UNION ALL
    SELECT ifnull(campaign, 0), adapter, state, ifnull(rule, ''), 1 FROM dispatch INDEXED BY dispatch_in_hand
        WHERE node IS NOT NULL
    UNION ALL
    SELECT ifnull(campaign, 0), adapter, 0, ifnull(rule, ''), -1 FROM dispatch INDEXED BY dispatch_in_hand
        WHERE node IS NOT NULL;

-- Customers that stand for themselves and are not erased.
CREATE TABLE customer_tally (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    rows INTEGER NOT NULL
) STRICT;
INSERT INTO customer_tally SELECT 1, count(*) FROM customer WHERE merged_into IS NULL AND erased = 0;

CREATE TRIGGER customer_came AFTER INSERT ON customer WHEN new.merged_into IS NULL AND new.erased = 0 BEGIN
    UPDATE customer_tally SET rows = rows + 1;
END;
CREATE TRIGGER customer_went AFTER DELETE ON customer WHEN old.merged_into IS NULL AND old.erased = 0 BEGIN
    UPDATE customer_tally SET rows = rows - 1;
END;
CREATE TRIGGER customer_moved AFTER UPDATE OF merged_into, erased ON customer
WHEN (old.merged_into IS NULL AND old.erased = 0) <> (new.merged_into IS NULL AND new.erased = 0) BEGIN
    UPDATE customer_tally SET rows = rows + iif(new.merged_into IS NULL AND new.erased = 0, 1, -1);
END;

-- What customers wait for is looked up with every event; what was closed in the course of years is not read for it.
CREATE INDEX follow_up_open_by_customer ON follow_up (customer, id) WHERE closed = 0;
