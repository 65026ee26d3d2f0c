-- What backends seal payloads for the endpoint with, as its app registered it; empty = none.
ALTER TABLE endpoint
    ADD COLUMN payload_key VARBINARY(64) NOT NULL DEFAULT '';
