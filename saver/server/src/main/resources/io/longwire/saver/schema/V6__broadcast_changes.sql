-- When a broadcast was last changed; 0 = never since it was made. Centers tell all rooms what changed of late.
ALTER TABLE broadcast ADD COLUMN changed_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE broadcast ADD KEY by_change (changed_at);

-- The room's name, the same after a restart: what its next incarnation walks are the same sessions. Empty = not known.
ALTER TABLE walk ADD COLUMN instance VARCHAR(120) CHARACTER SET utf8mb4 NOT NULL DEFAULT '';

-- Grows in the transaction of everything that changes the list of active broadcasts: a list that was read under the
-- number that stands now is the one that stands now.
CREATE TABLE bcast_change (
    id TINYINT UNSIGNED NOT NULL,
    n  BIGINT           NOT NULL,
    PRIMARY KEY (id)
) ENGINE = InnoDB;
INSERT INTO bcast_change (id, n) VALUES (0, 1);

-- Since when the endpoint is connected, as last noted; 0 = not noted. Then prev_seen_at is when it was seen before.
ALTER TABLE endpoint ADD COLUMN login_at BIGINT NOT NULL DEFAULT 0;
