/** Events of 28 days from then on, and before it a quarter of the tracks. */
export const FROM = Date.UTC(2026, 10, 1);
export const TO = FROM + 28 * 86_400_000;
const BLOCK = 1_000_000;

const scope = "'shop-production', toString(generateUUIDv4())";
const unit = (number, count) => `lower(hex(sipHash64(toUInt64(${number} % ${count}))))`;

/** N units, each exposed once, and as many tracks of random ones of them: signup 1/5, purchase 2/5, visit 2/5. */
export async function fillClickHouse(client, count) {
  for (let start = 0; start < count; start += BLOCK) {
    const rows = `FROM numbers(${start}, ${Math.min(BLOCK, count - start)})`;
    const at = (from) => `fromUnixTimestamp64Milli(toInt64(${from} + number * ${(TO - from) / count})) AS t`;
    await client.command({
      query: `INSERT INTO exposure_event (environmentId, id, at, clock, received, experiment, flag, variant, unit, by, version, attributes)
        SELECT ${scope}, ${at(FROM)}, t, t + INTERVAL 2 SECOND, 'button', 'button',
          if(cityHash64(number) % 2 = 0, 'off', 'on'), ${unit("number", count)}, 'targetingKey', 1,
          map('country', ['DE', 'FR', 'US', 'GB'][1 + number % 4]) ${rows}`,
    });
    await client.command({
      query: `INSERT INTO track_event (environmentId, id, at, clock, received, name, value, properties, by, unit)
        SELECT ${scope}, ${at(FROM - 9 * 86_400_000)}, t, t + INTERVAL 2 SECOND,
          ['signup', 'purchase', 'purchase', 'visit', 'visit'][1 + number % 5] AS name,
          if(name = 'purchase', round(exp(randNormal(3, 1)), 2), NULL), '{}', 'targetingKey',
          ${unit("cityHash64(number, 7)", count)} ${rows}`,
    });
  }
}

/** The same shape with the least that a table of events has: no ids, no repeats, no time of receipt. */
export async function fillPostgres(client, count) {
  const at = (from) => `to_timestamp((${from} + i::float8 * ${(TO - from) / count}) / 1000)`;
  await client.query(`CREATE UNLOGGED TABLE exposure AS
    SELECT md5(i::text)::varchar(16) AS unit, CASE WHEN hashint8(i) % 2 = 0 THEN 'off' ELSE 'on' END AS variant, ${at(FROM)} AS at
    FROM generate_series(0::bigint, ${count - 1}) AS i`);
  await client.query(`CREATE UNLOGGED TABLE track AS
    SELECT (ARRAY['signup', 'purchase', 'purchase', 'visit', 'visit'])[1 + i % 5] AS name,
      md5((abs(hashint8extended(i, 7)) % ${count})::text)::varchar(16) AS unit, ${at(FROM - 9 * 86_400_000)} AS at,
      CASE WHEN i % 5 IN (1, 2) THEN round(exp(random() * 4)::numeric, 2)::float8 END AS value
    FROM generate_series(0::bigint, ${count - 1}) AS i`);
  await client.query("ANALYZE exposure");
  await client.query("ANALYZE track");
}
