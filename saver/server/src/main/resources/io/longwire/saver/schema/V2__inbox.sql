-- What a message refers to: the hash of its collapse key, or, when it is a revoke, the message it takes back.
ALTER TABLE msg_log ADD COLUMN ref BIGINT NULL;
ALTER TABLE msg_cold ADD COLUMN ref BIGINT NULL;

-- Which message stands for one that was collapsed or replaced.
ALTER TABLE end_log ADD COLUMN by_id BIGINT NULL;
ALTER TABLE msg_cold ADD COLUMN by_id BIGINT NULL;

-- Messages given up because their endpoint never acked them, with their envelope, for 7 days.
CREATE TABLE dead_letter (
    slot      SMALLINT UNSIGNED NOT NULL,
    ep        BIGINT            NOT NULL,
    msg_id    BIGINT            NOT NULL,
    app       INT UNSIGNED      NOT NULL,
    dead_at   BIGINT            NOT NULL, -- unix ms
    code      INT UNSIGNED      NOT NULL, -- of the end
    attempts  INT UNSIGNED      NOT NULL,
    expire_at BIGINT            NOT NULL,
    resent_as BIGINT            NOT NULL DEFAULT 0,
    envelope  VARBINARY(12288)  NOT NULL, -- payload included
    PRIMARY KEY (slot, ep, msg_id),
    KEY by_app (app, dead_at, msg_id, ep),
    KEY by_age (dead_at)
) ENGINE = InnoDB;
