-- Origins were taken with a slash at their end, and no browser sends one: such a key opened nothing. They are kept as
-- browsers send them.
UPDATE "sdk_key"
   SET "origins" = ARRAY(SELECT rtrim(each, '/') FROM unnest("origins") WITH ORDINALITY AS listed(each, place) ORDER BY place)
 WHERE EXISTS (SELECT 1 FROM unnest("origins") AS each WHERE each LIKE '%/');
