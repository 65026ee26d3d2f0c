-- Puts a callback, or takes it away.
-- KEYS: 1 the callbacks
-- ARGV: 1 app:type, 2 value, empty = take it away, 3 most callbacks, 4 value that it is put in the place of, empty = of any
-- answers 1 done, 0 there was none to take away, 2 not put: too many, 3 not put: there is another value. Each change counts in '*': who has seen that
-- number has seen all before it.
if ARGV[2] == '' then
    if redis.call('HDEL', KEYS[1], ARGV[1]) == 0 then return 0 end
else
    if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 and redis.call('HLEN', KEYS[1]) > tonumber(ARGV[3]) then return 2 end
    if ARGV[4] ~= '' and redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[4] then return 3 end
    redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
end
redis.call('HINCRBY', KEYS[1], '*', 1)
return 1
