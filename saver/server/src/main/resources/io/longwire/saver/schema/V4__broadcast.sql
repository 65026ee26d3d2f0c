-- Broadcasts, on the first shard only: rows grow with broadcasts, rooms and chunks of 65,536 ordinals. Times are unix ms.

-- The last sequence an app was given; 1 = none. Locked from before a broadcast is numbered until it is committed, so
-- sequences become visible in their order.
CREATE TABLE bcast_seq (
    app  INT UNSIGNED NOT NULL,
    last BIGINT       NOT NULL,
    PRIMARY KEY (app)
) ENGINE = InnoDB;

CREATE TABLE broadcast (
    broadcast_id BIGINT           NOT NULL,
    app          INT UNSIGNED     NOT NULL,
    seq          BIGINT           NOT NULL,
    state        TINYINT UNSIGNED NOT NULL, -- broadcast.proto, Broadcast.State
    active       TINYINT UNSIGNED AS (state BETWEEN 1 AND 4) STORED, -- 1 = not over
    version      INT UNSIGNED     NOT NULL,
    stage        TINYINT UNSIGNED NOT NULL,
    stage_at     BIGINT           NOT NULL,
    expire_at    BIGINT           NOT NULL,
    over_at      BIGINT           NOT NULL, -- cancelled or ended; 0 = not over
    reason       VARCHAR(500) CHARACTER SET utf8mb4 NOT NULL,
    approved_by  VARCHAR(120) CHARACTER SET utf8mb4 NOT NULL,
    pace         VARBINARY(32)    NOT NULL, -- broadcast.proto, Pace
    body         MEDIUMBLOB       NOT NULL, -- broadcast.proto, Broadcast without what stands in the columns
    PRIMARY KEY (broadcast_id),
    UNIQUE KEY by_seq (app, seq),
    KEY by_app (app, broadcast_id),
    KEY live (active, app, seq),
    KEY by_state (state, expire_at),
    KEY by_age (over_at)
) ENGINE = InnoDB;

-- One room walks its sessions for one stage of a broadcast; a center has it walk under a lease.
CREATE TABLE walk (
    broadcast_id     BIGINT           NOT NULL,
    stage            TINYINT UNSIGNED NOT NULL,
    room             INT UNSIGNED     NOT NULL, -- incarnation
    done             TINYINT UNSIGNED NOT NULL DEFAULT 0, -- 1 finished, 2 the room is gone
    epoch            BIGINT           NOT NULL DEFAULT 0,
    center           VARCHAR(120) CHARACTER SET ascii NOT NULL DEFAULT '',
    leased_until     BIGINT           NOT NULL DEFAULT 0,
    visited          BIGINT           NOT NULL DEFAULT 0,
    total            BIGINT           NOT NULL DEFAULT 0,
    written          BIGINT           NOT NULL DEFAULT 0,
    seen             BIGINT           NOT NULL DEFAULT 0,
    not_in_audience  BIGINT           NOT NULL DEFAULT 0,
    behind           BIGINT           NOT NULL DEFAULT 0,
    dropped_after    BIGINT           NOT NULL DEFAULT 0,
    acked            BIGINT           NOT NULL DEFAULT 0,
    failed           VARBINARY(1000)  NOT NULL DEFAULT '', -- broadcast.proto, Walk with nothing but that
    first_written_at BIGINT           NOT NULL DEFAULT 0,
    done_at          BIGINT           NOT NULL DEFAULT 0,
    PRIMARY KEY (broadcast_id, stage, room)
) ENGINE = InnoDB;

-- Who acked, showed, clicked.
CREATE TABLE bcast_note (
    broadcast_id BIGINT           NOT NULL,
    kind         TINYINT UNSIGNED NOT NULL, -- broadcast.proto, NoteKind
    chunk        INT UNSIGNED     NOT NULL, -- ord >>> 16
    n            INT UNSIGNED     NOT NULL, -- bits
    body         VARBINARY(9000)  NOT NULL, -- RoaringBitmap of its ords, portable format; empty = none
    PRIMARY KEY (broadcast_id, kind, chunk),
    KEY counts (broadcast_id, kind, n)
) ENGINE = InnoDB;

-- A broadcast to more endpoints needs an approval; 0 = none does.
ALTER TABLE app ADD COLUMN broadcast_size BIGINT UNSIGNED NOT NULL DEFAULT 0;

-- When it was seen the time before seen_at; 0 = never.
ALTER TABLE endpoint ADD COLUMN prev_seen_at BIGINT NOT NULL DEFAULT 0;
