-- Who stands for a customer is asked for every event, and is nearly always the customer: as with `customer_erased`, from an
-- index of the others.
CREATE INDEX customer_merged ON customer (id, root) WHERE merged_into IS NOT NULL;
