-- First shard: who is kept out. Each change of a row has a version of its own from ban_seq, which is locked until the
-- commit: whoever has read up to one has missed none before it.
CREATE TABLE ban (
    ban_id     BIGINT           NOT NULL, -- the version it was made with
    version    BIGINT           NOT NULL,
    app        INT UNSIGNED     NOT NULL, -- 0 = of a network
    kind       TINYINT UNSIGNED NOT NULL, -- bans.proto, Ban.Kind
    subject    VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL, -- endpoint as decimal, alias, network
    parent     BIGINT           NOT NULL, -- ban of the alias that it stands for; 0 = none
    ep         BIGINT           NOT NULL,
    reason     VARCHAR(256) CHARACTER SET utf8mb4 NOT NULL,
    created_at BIGINT           NOT NULL,
    until_at   BIGINT           NOT NULL, -- far ahead = until it is lifted
    ended_at   BIGINT           NOT NULL, -- until_at, or when it was lifted
    PRIMARY KEY (ban_id),
    UNIQUE KEY by_subject (app, kind, subject, parent),
    UNIQUE KEY by_version (version),
    KEY by_parent (parent),
    KEY by_app (app, ended_at),
    KEY by_end (ended_at)
) ENGINE = InnoDB;

CREATE TABLE ban_seq (
    one  TINYINT UNSIGNED NOT NULL,
    last BIGINT           NOT NULL,
    PRIMARY KEY (one)
) ENGINE = InnoDB;

INSERT INTO ban_seq (one, last) VALUES (1, 0);

ALTER TABLE app
    ADD COLUMN devices TINYINT UNSIGNED NOT NULL DEFAULT 0; -- 0 all, 1 one per platform, 2 newest, 3 oldest

-- The platform of the endpoint when it was bound.
ALTER TABLE alias
    ADD COLUMN platform VARCHAR(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '';
