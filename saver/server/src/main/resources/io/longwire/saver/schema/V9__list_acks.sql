-- Who acked a slice of a list, as counted so far, and when it is counted again: unix ms, the highest BIGINT = never.
ALTER TABLE list_slice
    ADD COLUMN acked   INT UNSIGNED NOT NULL DEFAULT 0,
    ADD COLUMN look_at BIGINT       NOT NULL DEFAULT 0,
    ADD KEY by_look (broadcast_id, look_at, acked);
