-- Uploaded audiences, on the first shard only. Times are unix ms; rng = slot >>> 6; bodies are endpoint ids of 8 bytes,
-- little endian, each once, by (slot, endpoint).

CREATE TABLE audience_list (
    list_id    BIGINT           NOT NULL AUTO_INCREMENT,
    app        INT UNSIGNED     NOT NULL,
    state      TINYINT UNSIGNED NOT NULL, -- lists.proto, AudienceList.State
    idem       VARBINARY(255)   NULL,     -- the caller's key, NULL = none
    label      VARCHAR(120) CHARACTER SET utf8mb4 NOT NULL,
    created_at BIGINT           NOT NULL,
    expire_at  BIGINT           NOT NULL,
    version    INT UNSIGNED     NOT NULL DEFAULT 0, -- grows with every part: what is sealed is what was sorted
    parts      INT UNSIGNED     NOT NULL DEFAULT 0,
    line_count BIGINT           NOT NULL DEFAULT 0,
    given      BIGINT           NOT NULL DEFAULT 0, -- endpoints of all parts
    bad        BIGINT           NOT NULL DEFAULT 0,
    endpoints  BIGINT           NOT NULL DEFAULT 0, -- sealed: each once
    sealed     MEDIUMBLOB       NOT NULL, -- lists.proto, AudienceList with bad lines, chunks and sizes; empty = not yet
    litter     TINYINT UNSIGNED NOT NULL DEFAULT 0, -- 1 = it has rows that nobody needs any more
    PRIMARY KEY (list_id),
    UNIQUE KEY by_idem (app, idem),
    KEY by_app (app, list_id),
    KEY by_age (state, expire_at),
    KEY by_litter (litter)
) ENGINE = InnoDB;

-- What a part had; deleted once the list is sealed, like its pieces.
CREATE TABLE audience_part (
    list_id    BIGINT       NOT NULL,
    part       INT UNSIGNED NOT NULL,
    line_count BIGINT       NOT NULL,
    given      BIGINT       NOT NULL,
    bad        BIGINT       NOT NULL,
    first_bad  BIGINT       NOT NULL, -- line of the first bad one
    bad_lines  MEDIUMBLOB   NOT NULL, -- lists.proto, AudienceList with the first of them
    PRIMARY KEY (list_id, part)
) ENGINE = InnoDB;

-- A part's endpoints, laid out by range when it comes, so that sealing reads each of them once.
CREATE TABLE audience_piece (
    list_id BIGINT           NOT NULL,
    rng     TINYINT UNSIGNED NOT NULL,
    part    INT UNSIGNED     NOT NULL,
    body    MEDIUMBLOB       NOT NULL,
    PRIMARY KEY (list_id, rng, part)
) ENGINE = InnoDB;

-- What a sealed list is: read only while its list is SEALED.
CREATE TABLE audience_chunk (
    list_id BIGINT           NOT NULL,
    rng     TINYINT UNSIGNED NOT NULL,
    chunk   INT UNSIGNED     NOT NULL,
    body    VARBINARY(8000)  NOT NULL,
    PRIMARY KEY (list_id, rng, chunk)
) ENGINE = InnoDB;

-- One to a list has no sequence, and is not among those that rooms ask for: savers of the version before leave it out too.
ALTER TABLE broadcast
    MODIFY COLUMN seq BIGINT NULL,
    ADD COLUMN list_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE broadcast
    MODIFY COLUMN active TINYINT UNSIGNED AS (IF(state BETWEEN 1 AND 4, IF(list_id = 0, 1, 2), 0)) STORED; -- 1 rooms', 2 to a list, not over

-- Walks of a list's ranges: room is range + 1.
ALTER TABLE walk
    ADD COLUMN chunks INT UNSIGNED NOT NULL DEFAULT 0, -- 0 = a room's walk
    ADD COLUMN passed INT UNSIGNED NOT NULL DEFAULT 0; -- chunks that are through
