-- Keys of requests that have no answer yet: few, and looked for with every request that has a key.
CREATE INDEX idempotency_reserved ON idempotency (at) WHERE status IS NULL;
