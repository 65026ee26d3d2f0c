-- What a chunk of a list, or a part of it, went out as in a broadcast; on the first shard only. About one row for each
-- thousand endpoints, more of a slow broadcast; deleted with it.
CREATE TABLE list_slice (
    broadcast_id BIGINT           NOT NULL,
    rng          TINYINT UNSIGNED NOT NULL,
    chunk        INT UNSIGNED     NOT NULL,
    number       INT UNSIGNED     NOT NULL, -- of the chunk: 0, 1, 2 ...
    message_id   BIGINT           NOT NULL,
    upto         INT UNSIGNED     NOT NULL, -- endpoints of the chunk in this slice or one before
    written      BIGINT           NOT NULL, -- of the range, before this slice
    failed       VARBINARY(1000)  NOT NULL, -- lists.proto, ListSlice with nothing but that
    PRIMARY KEY (broadcast_id, rng, chunk, number)
) ENGINE = InnoDB;
