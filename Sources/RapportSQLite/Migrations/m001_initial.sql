-- Numbers that stand for words:
--   channel    1 email, 2 sms, 3 webhook, 4 ivr, 5 web, 6 desk
--   direction  0 inbound, 1 outbound, 2 internal
--   class      0 transactional, 1 service, 2 marketing: the order in which the queue is served
--   dispatch   0 planned, 1 deferred, 2 claimed, 3 skipped, 4 cancelled, then in order of certainty
--              10 handedOff, 11 unknown, 12 accepted, 13 failed, 14 delivered, 15 bounced
--   campaign   0 planning, 1 sending, 2 paused, 3 completed, 4 cancelled
--   consent    0 denied, 1 granted, 2 pending
-- Instants are milliseconds since 1970-01-01T00:00:00Z.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Adapter names, kinds, topics, campaign names: written once, so that rows hold a number.
CREATE TABLE word (
    id   INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE address (
    id  INTEGER PRIMARY KEY,
    uri TEXT NOT NULL UNIQUE CHECK (instr(uri, ':') > 1)
) STRICT;

-- The log. Rows are appended by position; nothing else is indexed. `previous` is the customer's row before this one,
-- 0 for the first, so that a timeline is a walk and not an index. Rows without a customer form a chain of their own.
CREATE TABLE interaction (
    position     INTEGER PRIMARY KEY,
    customer     INTEGER,
    previous     INTEGER NOT NULL CHECK (previous >= 0 AND previous < position),
    channel      INTEGER NOT NULL CHECK (channel BETWEEN 1 AND 6),
    adapter      INTEGER NOT NULL,
    direction    INTEGER NOT NULL CHECK (direction BETWEEN 0 AND 2),
    kind         INTEGER NOT NULL,
    occurred_at  INTEGER NOT NULL,
    recorded_at  INTEGER NOT NULL,
    sender       TEXT,
    recipient    TEXT,
    subject      TEXT,
    body         TEXT,
    attributes   TEXT,
    source_id    TEXT,
    campaign     INTEGER,
    occurrence   INTEGER,
    dispatch     INTEGER,
    conversation TEXT,
    in_reply_to  INTEGER,
    effects      TEXT
) STRICT;

CREATE TRIGGER interaction_is_append_only BEFORE DELETE ON interaction
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

-- The last row of each customer's chain; customer 0 stands for rows without one.
CREATE TABLE timeline (
    customer INTEGER PRIMARY KEY,
    last     INTEGER NOT NULL
) STRICT;

CREATE TABLE payload (
    position    INTEGER PRIMARY KEY,
    recorded_at INTEGER NOT NULL,
    type        TEXT NOT NULL,
    -- Of the bytes before compression; `NULL` when they are stored as they came.
    size        INTEGER CHECK (size > 0),
    bytes       BLOB NOT NULL
) STRICT;
CREATE INDEX payload_by_time ON payload (recorded_at);

-- Projections: the fold of the log's effects.

CREATE TABLE customer (
    id           INTEGER PRIMARY KEY,
    name         TEXT,
    -- The name in lower case, to search by.
    name_key     TEXT,
    language     TEXT,
    time_zone    TEXT,
    household    TEXT,
    owner        TEXT,
    tags         TEXT,
    attributes   TEXT,
    quiet_from   INTEGER CHECK (quiet_from BETWEEN 0 AND 1439),
    quiet_to     INTEGER CHECK (quiet_to BETWEEN 0 AND 1439),
    paused_until INTEGER,
    merged_into  INTEGER REFERENCES customer (id) CHECK (merged_into <> id),
    -- The customer that stands for this one: itself, or the end of its chain of merges.
    root         INTEGER NOT NULL,
    erased       INTEGER NOT NULL DEFAULT 0 CHECK (erased IN (0, 1)),
    CHECK ((quiet_from IS NULL) = (quiet_to IS NULL))
) STRICT;
CREATE INDEX customer_by_root ON customer (root) WHERE merged_into IS NOT NULL;
CREATE INDEX customer_by_merge ON customer (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX customer_by_name ON customer (name_key) WHERE name_key IS NOT NULL;

CREATE TABLE customer_address (
    customer    INTEGER NOT NULL REFERENCES customer (id),
    address     INTEGER NOT NULL REFERENCES address (id),
    -- The form to send to, when it differs from the one to compare.
    deliverable TEXT,
    -- The effect that attached it, which gives the order of a customer's addresses.
    position    INTEGER NOT NULL,
    ordinal     INTEGER NOT NULL,
    PRIMARY KEY (customer, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_address_by_address ON customer_address (address);

CREATE TABLE consent (
    position     INTEGER NOT NULL,
    ordinal      INTEGER NOT NULL,
    customer     INTEGER NOT NULL REFERENCES customer (id),
    address      INTEGER REFERENCES address (id),
    topic        TEXT,
    channel      INTEGER CHECK (channel BETWEEN 1 AND 6),
    state        INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
    at           INTEGER NOT NULL,
    confirmed_at INTEGER,
    method       TEXT NOT NULL,
    proof        TEXT,
    PRIMARY KEY (position, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX consent_by_customer ON consent (customer);
CREATE INDEX consent_by_address ON consent (address) WHERE address IS NOT NULL;

CREATE TABLE suppression (
    position INTEGER NOT NULL,
    ordinal  INTEGER NOT NULL,
    address  INTEGER NOT NULL REFERENCES address (id),
    reason   TEXT NOT NULL CHECK (reason IN ('hard-bounce', 'invalid', 'stop', 'complaint', 'manual')),
    at       INTEGER NOT NULL,
    until    INTEGER,
    -- The interaction that lifted it.
    lifted_by INTEGER,
    PRIMARY KEY (position, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX suppression_by_address ON suppression (address);

CREATE TABLE follow_up (
    id           INTEGER PRIMARY KEY,
    customer     INTEGER NOT NULL REFERENCES customer (id),
    kind         TEXT NOT NULL,
    closed       INTEGER NOT NULL CHECK (closed IN (0, 1)),
    summary      TEXT NOT NULL,
    owner        TEXT,
    opened_at    INTEGER NOT NULL,
    due_at       INTEGER,
    closed_at    INTEGER,
    resolution   TEXT,
    conversation TEXT
) STRICT;
CREATE INDEX follow_up_by_customer ON follow_up (customer);
CREATE INDEX follow_up_open ON follow_up (due_at) WHERE closed = 0;

CREATE TABLE response (
    customer INTEGER NOT NULL REFERENCES customer (id),
    campaign TEXT NOT NULL,
    position INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (customer, campaign)
) STRICT, WITHOUT ROWID;
CREATE INDEX response_by_campaign ON response (campaign);

-- Names of messages and conversations, as 128 bits of their hash.
CREATE TABLE conversation_key (
    high         INTEGER NOT NULL,
    low          INTEGER NOT NULL,
    conversation TEXT NOT NULL,
    position     INTEGER NOT NULL,
    PRIMARY KEY (high, low)
) STRICT, WITHOUT ROWID;

-- The way out.

CREATE TABLE campaign (
    id          INTEGER PRIMARY KEY,
    name        TEXT NOT NULL CHECK (name <> ''),
    -- '' for a campaign that runs once.
    occurrence  TEXT NOT NULL,
    state       INTEGER NOT NULL CHECK (state BETWEEN 0 AND 4),
    class       INTEGER NOT NULL CHECK (class BETWEEN 0 AND 2),
    topic       TEXT NOT NULL,
    definition  TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    started_at  INTEGER,
    finished_at INTEGER,
    expires_at  INTEGER,
    note        TEXT,
    -- Its rows lie between these dispatch ids.
    first_row   INTEGER,
    last_row    INTEGER,
    UNIQUE (name, occurrence)
) STRICT;

CREATE TABLE dispatch (
    id             INTEGER PRIMARY KEY,
    customer       INTEGER NOT NULL REFERENCES customer (id),
    campaign       INTEGER REFERENCES campaign (id),
    class          INTEGER NOT NULL CHECK (class BETWEEN 0 AND 2),
    topic          INTEGER NOT NULL REFERENCES word (id),
    offer          TEXT,
    content        TEXT,
    household      TEXT,
    -- The route it takes now.
    route          INTEGER NOT NULL CHECK (route >= 0),
    channel        INTEGER NOT NULL CHECK (channel BETWEEN 1 AND 6),
    adapter        INTEGER NOT NULL REFERENCES word (id),
    address        INTEGER NOT NULL REFERENCES address (id),
    due_at         INTEGER NOT NULL,
    expires_at     INTEGER,
    repeats        INTEGER NOT NULL CHECK (repeats IN (0, 1)),
    state          INTEGER NOT NULL CHECK (state IN (0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 15)),
    waiting        INTEGER NOT NULL CHECK (waiting = (state < 2)),
    -- The join of all `dispatchAdvanced` effects of the log.
    evidence       INTEGER CHECK (evidence >= 10),
    attempts       INTEGER NOT NULL DEFAULT 0,
    -- Who has it in hand: set while it is claimed or handed off, and only then.
    node           INTEGER CHECK ((node IS NOT NULL) = (state IN (2, 10))),
    claimed_at     INTEGER CHECK (claimed_at IS NOT NULL OR state <> 2),
    left_at        INTEGER,
    rule           TEXT,
    rule_evidence  TEXT,
    policy_version TEXT,
    detail         TEXT
) STRICT;
CREATE UNIQUE INDEX dispatch_once ON dispatch (campaign, customer) WHERE campaign IS NOT NULL;
CREATE INDEX dispatch_by_customer ON dispatch (customer);
CREATE INDEX dispatch_by_address ON dispatch (address);
CREATE INDEX dispatch_by_household ON dispatch (household) WHERE household IS NOT NULL;
CREATE INDEX dispatch_waiting ON dispatch (campaign, adapter, class, due_at, id) WHERE waiting = 1;
CREATE INDEX dispatch_in_hand ON dispatch (node) WHERE node IS NOT NULL;

-- What a dispatch says and where it may go: written once, apart from the row that changes with every step.
CREATE TABLE dispatch_content (
    dispatch  INTEGER PRIMARY KEY REFERENCES dispatch (id),
    routes    TEXT NOT NULL,
    variables TEXT,
    inline    TEXT
) STRICT;

-- How many rows of a campaign (0: of none) stand where, kept by the triggers below, so that a report reads a few rows.
CREATE TABLE dispatch_tally (
    campaign INTEGER NOT NULL,
    adapter  INTEGER NOT NULL,
    state    INTEGER NOT NULL,
    rule     TEXT NOT NULL,
    rows     INTEGER NOT NULL,
    PRIMARY KEY (campaign, adapter, state, rule)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER dispatch_planned AFTER INSERT ON dispatch BEGIN
    INSERT INTO dispatch_tally VALUES (ifnull(new.campaign, 0), new.adapter, new.state, ifnull(new.rule, ''), 1)
        ON CONFLICT DO UPDATE SET rows = rows + 1;
END;

CREATE TRIGGER dispatch_moved AFTER UPDATE OF adapter, state, rule ON dispatch
WHEN old.adapter <> new.adapter OR old.state <> new.state OR old.rule IS NOT new.rule BEGIN
    UPDATE dispatch_tally SET rows = rows - 1
        WHERE campaign = ifnull(old.campaign, 0) AND adapter = old.adapter AND state = old.state
            AND rule = ifnull(old.rule, '');
    INSERT INTO dispatch_tally VALUES (ifnull(new.campaign, 0), new.adapter, new.state, ifnull(new.rule, ''), 1)
        ON CONFLICT DO UPDATE SET rows = rows + 1;
END;

CREATE TRIGGER dispatch_is_kept BEFORE DELETE ON dispatch
BEGIN SELECT RAISE(ABORT, 'dispatches are kept'); END;

-- How many messages of a campaign (0: of none) left in one second; old seconds are forgotten.
CREATE TABLE departure (
    campaign INTEGER NOT NULL,
    second   INTEGER NOT NULL,
    rows     INTEGER NOT NULL,
    PRIMARY KEY (campaign, second)
) STRICT, WITHOUT ROWID;

-- Receipts whose dispatch was not known when they came; `dispatch` is set as soon as it is.
CREATE TABLE parked_receipt (
    position INTEGER PRIMARY KEY,
    high     INTEGER NOT NULL,
    low      INTEGER NOT NULL,
    dispatch INTEGER REFERENCES dispatch (id)
) STRICT;
CREATE INDEX parked_receipt_by_name ON parked_receipt (high, low) WHERE dispatch IS NULL;
CREATE INDEX parked_receipt_matched ON parked_receipt (position) WHERE dispatch IS NOT NULL;

-- 128-bit hashes that lead to a row: 1 repetition of an event -> position,
-- 2 provider's message id -> dispatch, 3 key of a single message -> dispatch.
CREATE TABLE hash_key (
    space INTEGER NOT NULL,
    high  INTEGER NOT NULL,
    low   INTEGER NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (space, high, low)
) STRICT, WITHOUT ROWID;

-- Rows of the log by adapter and minute; minute 0 adds up all of them and knows the last.
CREATE TABLE traffic (
    adapter   INTEGER NOT NULL,
    channel   INTEGER NOT NULL,
    direction INTEGER NOT NULL,
    minute    INTEGER NOT NULL,
    rows      INTEGER NOT NULL,
    failed    INTEGER NOT NULL,
    last      INTEGER NOT NULL,
    PRIMARY KEY (adapter, channel, direction, minute)
) STRICT, WITHOUT ROWID;

-- Operations.

CREATE TABLE node (
    number     INTEGER PRIMARY KEY AUTOINCREMENT,
    host       TEXT NOT NULL,
    process    INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE reader (
    name     TEXT PRIMARY KEY,
    position INTEGER NOT NULL CHECK (position >= 0),
    at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency (
    key       TEXT PRIMARY KEY,
    body_hash TEXT NOT NULL,
    at        INTEGER NOT NULL,
    status    INTEGER,
    body      TEXT,
    CHECK ((status IS NULL) = (body IS NULL))
) STRICT;
CREATE INDEX idempotency_by_time ON idempotency (at);
