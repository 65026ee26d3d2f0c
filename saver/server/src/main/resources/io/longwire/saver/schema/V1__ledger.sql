-- The same text for MySQL 8 and MariaDB 10.6. Message ids are ranges of time; every table of messages has the key
-- (slot, ep, msg_id) and is cut by msg_id, so that old rows leave by DROP PARTITION. Partitions are made by the saver.

CREATE TABLE msg_log (
    slot      SMALLINT UNSIGNED NOT NULL,
    ep        BIGINT            NOT NULL,
    msg_id    BIGINT            NOT NULL,
    app       INT UNSIGNED      NOT NULL,
    kind      TINYINT UNSIGNED  NOT NULL, -- delivery class
    expire_at BIGINT            NOT NULL, -- unix ms
    stored_at BIGINT            NOT NULL, -- unix ms
    body      VARBINARY(6144)   NOT NULL, -- the envelope
    PRIMARY KEY (slot, ep, msg_id)
) ENGINE = InnoDB
  PARTITION BY RANGE (msg_id) (PARTITION p0 VALUES LESS THAN (1));

-- The one row that ends a message.
CREATE TABLE end_log (
    slot       SMALLINT UNSIGNED NOT NULL,
    ep         BIGINT            NOT NULL,
    msg_id     BIGINT            NOT NULL,
    app        INT UNSIGNED      NOT NULL,
    how        TINYINT UNSIGNED  NOT NULL, -- saver.proto, How
    code       INT UNSIGNED      NOT NULL,
    at         BIGINT            NOT NULL, -- unix ms
    stored_at  BIGINT            NOT NULL,
    routed_ms  BIGINT            NOT NULL,
    written_ms BIGINT            NOT NULL,
    attempts   INT UNSIGNED      NOT NULL,
    room       INT UNSIGNED      NOT NULL, -- incarnation
    PRIMARY KEY (slot, ep, msg_id)
) ENGINE = InnoDB
  PARTITION BY RANGE (msg_id) (PARTITION p0 VALUES LESS THAN (1));

-- Live messages older than 3 h. how = 0 while it lives; an end of a message older than 24 h stands here.
CREATE TABLE msg_cold (
    slot       SMALLINT UNSIGNED NOT NULL,
    ep         BIGINT            NOT NULL,
    msg_id     BIGINT            NOT NULL,
    app        INT UNSIGNED      NOT NULL,
    kind       TINYINT UNSIGNED  NOT NULL,
    expire_at  BIGINT            NOT NULL,
    stored_at  BIGINT            NOT NULL,
    body       VARBINARY(6144)   NOT NULL,
    how        TINYINT UNSIGNED  NOT NULL DEFAULT 0,
    code       INT UNSIGNED      NOT NULL DEFAULT 0,
    at         BIGINT            NOT NULL DEFAULT 0,
    routed_ms  BIGINT            NOT NULL DEFAULT 0,
    written_ms BIGINT            NOT NULL DEFAULT 0,
    attempts   INT UNSIGNED      NOT NULL DEFAULT 0,
    room       INT UNSIGNED      NOT NULL DEFAULT 0,
    PRIMARY KEY (slot, ep, msg_id),
    KEY by_expiry (expire_at)
) ENGINE = InnoDB
  PARTITION BY RANGE (msg_id) (PARTITION p0 VALUES LESS THAN (1));

-- What a compacted partition of msg_log held, per app and minute of the id: the conservation law stays answerable.
CREATE TABLE closed_minute (
    minute     INT UNSIGNED     NOT NULL, -- of the id: unix ms / 60000
    app        INT UNSIGNED     NOT NULL,
    how        TINYINT UNSIGNED NOT NULL, -- 0 = moved to msg_cold; 255 = all rows
    n          BIGINT           NOT NULL,
    PRIMARY KEY (minute, app, how)
) ENGINE = InnoDB;

-- The caller's idempotency keys, by the slot of the key's hash.
CREATE TABLE idem (
    app       INT UNSIGNED     NOT NULL,
    key_hash  BINARY(32)       NOT NULL,
    body_hash BINARY(32)       NOT NULL,
    msg_id    BIGINT           NOT NULL,
    done      TINYINT UNSIGNED NOT NULL, -- 1 = the message is accepted
    at        BIGINT           NOT NULL, -- unix ms
    PRIMARY KEY (app, key_hash),
    KEY by_age (at)
) ENGINE = InnoDB;

-- COLD = cold_gen > clean_gen, or another replication id than the node answers with.
CREATE TABLE slot_state (
    slot         SMALLINT UNSIGNED NOT NULL,
    cold_gen     BIGINT            NOT NULL,
    clean_gen    BIGINT            NOT NULL,
    cold_from    BIGINT            NOT NULL, -- oldest id appended without confirmation since it was clean
    redis_replid VARCHAR(64) CHARACTER SET ascii NOT NULL,
    replid_at    BIGINT            NOT NULL, -- unix ms: since when the savers can know that node
    PRIMARY KEY (slot)
) ENGINE = InnoDB;

-- Apps, keys and ordinals are on the first shard only.
CREATE TABLE app (
    app            INT UNSIGNED     NOT NULL AUTO_INCREMENT,
    name           VARCHAR(120) CHARACTER SET utf8mb4 NOT NULL,
    app_key        BINARY(16)       NOT NULL,
    sends_per_second INT UNSIGNED   NOT NULL,
    inbox_messages INT UNSIGNED     NOT NULL,
    overflow       TINYINT UNSIGNED NOT NULL,
    max_ttl_s      INT UNSIGNED     NOT NULL,
    created_at     BIGINT           NOT NULL,
    idem_hash      BINARY(32)       NULL,
    next_ord       BIGINT           NOT NULL,
    PRIMARY KEY (app),
    UNIQUE KEY by_idem (idem_hash)
) ENGINE = InnoDB;

CREATE TABLE api_key (
    key_hash   BINARY(32)       NOT NULL,
    app        INT UNSIGNED     NOT NULL,
    label      VARCHAR(120) CHARACTER SET utf8mb4 NOT NULL,
    scopes     VARCHAR(500) CHARACTER SET ascii NOT NULL,
    created_at BIGINT           NOT NULL,
    expires_at BIGINT           NOT NULL, -- 0 = never
    revoked    TINYINT UNSIGNED NOT NULL,
    PRIMARY KEY (key_hash),
    KEY by_app (app)
) ENGINE = InnoDB;

-- By the slot of the install's hash: the same install of an app is the same endpoint.
CREATE TABLE install (
    app          INT UNSIGNED NOT NULL,
    install_hash BINARY(32)   NOT NULL,
    ep           BIGINT       NOT NULL,
    ord          INT UNSIGNED NOT NULL,
    PRIMARY KEY (app, install_hash)
) ENGINE = InnoDB;

-- By the endpoint's slot.
CREATE TABLE endpoint (
    slot         SMALLINT UNSIGNED NOT NULL,
    ep           BIGINT            NOT NULL,
    app          INT UNSIGNED      NOT NULL,
    ord          INT UNSIGNED      NOT NULL,
    state        TINYINT UNSIGNED  NOT NULL, -- 1 active, 2 gone
    created_at   BIGINT            NOT NULL,
    seen_at      BIGINT            NOT NULL,
    gone_at      BIGINT            NOT NULL DEFAULT 0,
    install_hash BINARY(32)        NOT NULL,
    package_name VARCHAR(255) CHARACTER SET utf8mb4 NOT NULL,
    certificate  VARBINARY(64)     NOT NULL,
    PRIMARY KEY (slot, ep),
    KEY gone (slot, state)
) ENGINE = InnoDB;
