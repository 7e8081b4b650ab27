-- `metric.update` takes instructions, where the release before gave it the fields themselves. Commands that wait in
-- change-sets, and those that take applied ones back, are rewritten: one instruction for each field, in one order. One
-- that names no field changes nothing and is left out, unless it is all that there is.
CREATE FUNCTION pg_temp.instructed(commands jsonb) RETURNS jsonb LANGUAGE sql AS $$
  SELECT coalesce(jsonb_agg(rewritten ORDER BY position) FILTER (WHERE rewritten IS NOT NULL), commands)
  FROM (
    SELECT position,
           CASE WHEN command->>'name' IS DISTINCT FROM 'metric.update' OR command->'input'->'instructions' IS NOT NULL
                THEN command
                WHEN instructions IS NOT NULL
                THEN jsonb_set(command, '{input}', ((command->'input') - names) || jsonb_build_object('instructions', instructions))
           END AS rewritten
    FROM jsonb_array_elements(commands) WITH ORDINALITY AS stored(command, position),
    LATERAL (
      SELECT array_agg(field) AS names,
             jsonb_agg(jsonb_build_object('kind', kind, field, command->'input'->field) ORDER BY place)
               FILTER (WHERE command->'input'->field IS NOT NULL) AS instructions
      FROM (VALUES (1, 'setName', 'name'), (2, 'setDescription', 'description'), (3, 'setDefinition', 'definition'),
                   (4, 'setDirection', 'direction'), (5, 'setFormat', 'format'),
                   (6, 'setMinimumEffect', 'minimumEffect'), (7, 'setMargin', 'margin'),
                   (8, 'setAbsoluteMargin', 'absoluteMargin')) AS known(place, kind, field)
    ) AS fields
  ) AS all_commands
$$;

-- The fingerprint is of the commands as they were. The mark says so; approvals of that fingerprint get it, too, and stay.
UPDATE "change_set_note" n
   SET "fingerprint" = 'rewritten:' || n."fingerprint"
  FROM "change_set" c
 WHERE c."id" = n."changeSetId" AND n."fingerprint" IS NOT NULL
   AND c."commands" @> '[{"name": "metric.update"}]' AND pg_temp.instructed(c."commands") <> c."commands";

UPDATE "change_set"
   SET "commands" = pg_temp.instructed("commands"), "fingerprint" = 'rewritten:' || "fingerprint"
 WHERE "commands" @> '[{"name": "metric.update"}]' AND pg_temp.instructed("commands") <> "commands";

UPDATE "change_set"
   SET "inverse" = pg_temp.instructed("inverse")
 WHERE "inverse" @> '[{"name": "metric.update"}]';
