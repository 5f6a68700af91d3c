-- Of odd merges, such as one that would have made a circle and was undone, version 12 has noted another thing than the fold of
-- the log finds. What is noted now comes from that fold: `MergerProjection.migrate` writes it.
DELETE FROM merger;
