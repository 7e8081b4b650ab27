-- DropIndex
DROP INDEX "project_key_key";

-- AlterTable
ALTER TABLE "environment" ADD COLUMN     "archivedAt" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "project" ADD COLUMN     "archivedAt" TIMESTAMPTZ(3),
ADD COLUMN     "position" INTEGER NOT NULL DEFAULT 0;

-- CreateIndex
CREATE UNIQUE INDEX "project_organisationId_key_key" ON "project"("organisationId", "key");

-- Commands that wait in change-sets name a project by its address, `organisation/project`, from now on.
CREATE FUNCTION pg_temp.addressed(commands jsonb, key text, address text) RETURNS jsonb LANGUAGE sql AS $$
  SELECT coalesce(
    jsonb_agg(
      CASE WHEN command #>> '{input,project}' = key
           THEN jsonb_set(command, '{input,project}', to_jsonb(address))
           ELSE command END
      ORDER BY position),
    '[]')
  FROM jsonb_array_elements(commands) WITH ORDINALITY AS found(command, position)
$$;

UPDATE "change_set" c
   SET "commands" = pg_temp.addressed(c."commands", p."key", o."key" || '/' || p."key"),
       "inverse" = CASE WHEN jsonb_typeof(c."inverse") = 'array'
                        THEN pg_temp.addressed(c."inverse", p."key", o."key" || '/' || p."key")
                        ELSE c."inverse" END
  FROM "project" p
  JOIN "organisation" o ON o."id" = p."organisationId"
 WHERE p."id" = c."projectId";
