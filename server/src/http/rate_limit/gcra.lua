-- GCRA over several buckets at once, all or nothing: gcra.rs is the same rule, and says why.
--
-- KEYS  one bucket each: the instant at which it is full again, in microseconds
-- ARGV  three per bucket: microseconds per request, microseconds of burst, 1 to take or 0 to look
-- Gives the instant (Redis's clock), 1 or 0 for admitted, then two per bucket: microseconds to
-- wait, and until it is full again.
-- %.0f: Lua itself would write so large a number with an exponent, and lose its last digits.

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local admitted, waits, debts = 1, {}, {}

for i, key in ipairs(KEYS) do
  local interval, tolerance = tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i - 1])
  local full_at = tonumber(redis.call('GET', key) or now) or now
  debts[i] = math.max(full_at - now, 0)
  if debts[i] > tolerance then
    -- The clock went back, or the burst became smaller: such a bucket would stay closed.
    debts[i] = tolerance
    redis.call('SET', key, string.format('%.0f', now + tolerance), 'PX', math.ceil(tolerance / 1000))
  end
  waits[i] = math.max(debts[i] + interval - tolerance, 0)
  if waits[i] > 0 then
    admitted = 0
  end
end

local answer = { now, admitted }
for i, key in ipairs(KEYS) do
  if admitted == 1 and ARGV[3 * i] == '1' then
    debts[i] = debts[i] + tonumber(ARGV[3 * i - 2])
    redis.call('SET', key, string.format('%.0f', now + debts[i]), 'PX', math.ceil(debts[i] / 1000))
  end
  answer[2 * i + 1] = waits[i]
  answer[2 * i + 2] = debts[i]
end
return answer
