-- What stands beside messages: heads, receipts, usage, profiles, aliases, schedules, audit. Times are unix ms.

-- What belongs to a request with several targets as a whole, by the hash of the message id.
CREATE TABLE msg_head (
    msg_id      BIGINT          NOT NULL,
    app         INT UNSIGNED    NOT NULL,
    expire_at   BIGINT          NOT NULL,
    schedule_id BIGINT          NOT NULL,
    endpoints   VARBINARY(8000) NOT NULL, -- 8 bytes each, sorted
    payload     VARBINARY(6144) NOT NULL, -- empty = the messages have their own
    PRIMARY KEY (msg_id),
    KEY by_expiry (expire_at)
) ENGINE = InnoDB;

-- Receipts, by the endpoint's slot, for apps that want them. seq grows in the order of commits (receipt_seq is locked
-- from before a batch is numbered until it is committed), so whoever has read up to one has missed none before it.
CREATE TABLE receipt (
    app       INT UNSIGNED     NOT NULL,
    seq       BIGINT           NOT NULL,
    ep        BIGINT           NOT NULL,
    msg_id    BIGINT           NOT NULL,
    kind      TINYINT UNSIGNED NOT NULL, -- saver.proto, ReceiptKind
    code      INT UNSIGNED     NOT NULL,
    at        BIGINT           NOT NULL,
    stored_at BIGINT           NOT NULL,
    PRIMARY KEY (app, seq),
    UNIQUE KEY by_message (ep, msg_id, kind),
    KEY by_age (stored_at)
) ENGINE = InnoDB;

CREATE TABLE receipt_seq (
    one  TINYINT UNSIGNED NOT NULL,
    last BIGINT           NOT NULL,
    PRIMARY KEY (one)
) ENGINE = InnoDB;

INSERT INTO receipt_seq (one, last) VALUES (1, 0);

-- First shard: what waits for the endpoints of an app. app 0 = when all were last recounted.
CREATE TABLE app_usage (
    app        INT UNSIGNED NOT NULL,
    messages   BIGINT       NOT NULL,
    bytes      BIGINT       NOT NULL,
    counted_at BIGINT       NOT NULL,
    PRIMARY KEY (app)
) ENGINE = InnoDB;

-- Tags, attributes and aliases of an endpoint, by its slot.
CREATE TABLE profile (
    slot       SMALLINT UNSIGNED NOT NULL,
    ep         BIGINT            NOT NULL,
    app        INT UNSIGNED      NOT NULL,
    changed_at BIGINT            NOT NULL,
    body       MEDIUMBLOB        NOT NULL, -- saver.proto, Profile
    PRIMARY KEY (slot, ep)
) ENGINE = InnoDB;

-- By the slot of the hash of app and alias.
CREATE TABLE alias (
    alias_hash BINARY(32)   NOT NULL,
    ep         BIGINT       NOT NULL,
    app        INT UNSIGNED NOT NULL,
    bound_at   BIGINT       NOT NULL,
    PRIMARY KEY (alias_hash, ep)
) ENGINE = InnoDB;

-- By the hash of the schedule's id.
CREATE TABLE schedule (
    schedule_id  BIGINT           NOT NULL,
    app          INT UNSIGNED     NOT NULL,
    state        TINYINT UNSIGNED NOT NULL, -- saver.proto, Schedule.State
    cron         VARCHAR(120) CHARACTER SET utf8mb4 NOT NULL,
    zone         VARCHAR(64)  CHARACTER SET ascii   NOT NULL,
    next_fire    BIGINT           NOT NULL,
    request      MEDIUMBLOB       NOT NULL,
    created_at   BIGINT           NOT NULL,
    last_fire    BIGINT           NOT NULL,
    last_message BIGINT           NOT NULL,
    fired        BIGINT           NOT NULL,
    last_problem VARCHAR(500) CHARACTER SET utf8mb4 NOT NULL,
    until_at     BIGINT           NOT NULL,
    label        VARCHAR(120) CHARACTER SET utf8mb4 NOT NULL,
    version      INT UNSIGNED     NOT NULL,
    leased_until BIGINT           NOT NULL,
    body_hash    VARBINARY(32)    NOT NULL, -- of the request that made it; empty = it had no key
    changed_at   BIGINT           NOT NULL,
    PRIMARY KEY (schedule_id),
    KEY due (state, next_fire),
    KEY by_app (app, schedule_id),
    KEY live (app, state),
    KEY by_age (changed_at)
) ENGINE = InnoDB;

-- First shard: what was done to apps, keys and settings, and by whom.
CREATE TABLE audit (
    seq     BIGINT       NOT NULL AUTO_INCREMENT,
    at      BIGINT       NOT NULL,
    actor   VARCHAR(64)  CHARACTER SET utf8mb4 NOT NULL,
    action  VARCHAR(64)  CHARACTER SET utf8mb4 NOT NULL,
    app     INT UNSIGNED NOT NULL,
    subject VARCHAR(255) CHARACTER SET utf8mb4 NOT NULL,
    detail  VARCHAR(1000) CHARACTER SET utf8mb4 NOT NULL,
    address VARCHAR(64)  CHARACTER SET ascii   NOT NULL,
    PRIMARY KEY (seq),
    KEY by_app (app, seq),
    KEY by_age (at)
) ENGINE = InnoDB;

ALTER TABLE app
    ADD COLUMN stored_messages BIGINT UNSIGNED  NOT NULL DEFAULT 0, -- quota, 0 = none
    ADD COLUMN stored_bytes    BIGINT UNSIGNED  NOT NULL DEFAULT 0,
    ADD COLUMN fan_out         INT UNSIGNED     NOT NULL DEFAULT 0, -- 0 = 1000
    ADD COLUMN inbox_bytes     INT UNSIGNED     NOT NULL DEFAULT 0, -- 0 = the most
    ADD COLUMN receipts        TINYINT UNSIGNED NOT NULL DEFAULT 0;

ALTER TABLE api_key
    ADD COLUMN networks VARCHAR(2000) CHARACTER SET ascii NOT NULL DEFAULT '',
    ADD COLUMN used_at  BIGINT NOT NULL DEFAULT 0;
