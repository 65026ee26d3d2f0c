-- Parks the inbox of an endpoint that was not seen for long: its messages stay in the ledger only, a marker says so.
-- One with a message that is in no ledger yet stays until it is looked at again, when another message turns as old.
-- KEYS: 1 inbox, 2 messages that are in no ledger yet
-- ARGV: 1 now ms, 2 how long unseen ms, 3 endpoint (8 bytes)
-- answers how many messages left Redis
local names = redis.call('HKEYS', KEYS[1])
if #names == 0 then return 0 end
local seen = tonumber(redis.call('HGET', KEYS[1], '!s') or '0')
if tonumber(ARGV[1]) - seen < tonumber(ARGV[2]) then return 0 end
for _, name in ipairs(names) do
    if #name == 8 and redis.call('ZSCORE', KEYS[2], ARGV[3] .. name) then return 0 end
end
local parked = 0
for _, name in ipairs(names) do
    if #name >= 8 then -- messages, their attempts and the times of those, their collapse keys
        redis.call('HDEL', KEYS[1], name)
        if #name == 8 then parked = parked + 1 end
    end
end
redis.call('HDEL', KEYS[1], '!v', '!x', '!o')
redis.call('HSET', KEYS[1], '!c', 1, '!n', 0, '!b', 0)
return parked
