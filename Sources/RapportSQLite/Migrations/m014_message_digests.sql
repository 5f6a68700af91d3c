-- That a digest of its request stands beside the key of a single message: under the number of the message, because earlier
-- versions have written none and their keys are known by their hashes only. A message with a digest has two names, one
-- without has one; others with several have no key, and are not asked for by one.
INSERT INTO dispatch_key (space, high, low, dispatch)
    SELECT 2, dispatch, 0, dispatch FROM dispatch_key WHERE space = 2 GROUP BY dispatch HAVING count(*) > 1;
