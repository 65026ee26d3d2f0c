-- The ledger has nothing that is not in this inbox: the marker goes, and an inbox without messages with it.
-- KEYS: 1 inbox, 2 due set   ARGV: 1 endpoint (8 bytes)
-- answers 1 if it was parked
local was = redis.call('HDEL', KEYS[1], '!c')
if tonumber(redis.call('HGET', KEYS[1], '!n') or '0') <= 0 then
    redis.call('DEL', KEYS[1])
    redis.call('ZREM', KEYS[2], ARGV[1])
end
return was
