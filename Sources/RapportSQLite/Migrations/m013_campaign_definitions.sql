-- What a campaign says may be megabytes. It stood amid the row, so that whatever lies behind it, and every list of campaigns, was
-- read by way of all of it, and every change of the row wrote it again.
CREATE TABLE campaign_definition (
    campaign   INTEGER PRIMARY KEY REFERENCES campaign (id),
    definition TEXT NOT NULL
) STRICT;
INSERT INTO campaign_definition SELECT id, definition FROM campaign;
ALTER TABLE campaign DROP COLUMN definition;
