-- The W3C trace context that a message was sent with, beside what outlives its envelope. NULL = it has none.
ALTER TABLE end_log ADD COLUMN trace VARBINARY(26) NULL;
ALTER TABLE receipt ADD COLUMN trace VARBINARY(26) NULL;
