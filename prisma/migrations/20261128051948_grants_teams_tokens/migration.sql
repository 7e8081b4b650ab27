-- CreateEnum
CREATE TYPE "token_kind" AS ENUM ('personal', 'service');

-- AlterTable
ALTER TABLE "experiment" ADD COLUMN     "teamId" TEXT;

-- AlterTable
ALTER TABLE "flag" ADD COLUMN     "teamId" TEXT;

-- AlterTable
ALTER TABLE "metric" ADD COLUMN     "teamId" TEXT;

-- AlterTable
ALTER TABLE "segment" ADD COLUMN     "teamId" TEXT;

-- CreateTable
CREATE TABLE "grant" (
    "id" TEXT NOT NULL,
    "organisationId" TEXT NOT NULL,
    "userId" TEXT,
    "teamId" TEXT,
    "tokenId" TEXT,
    "role" TEXT,
    "customRoleId" TEXT,
    "projectId" TEXT,
    "environmentId" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdBy" JSONB NOT NULL,

    CONSTRAINT "grant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "custom_role" (
    "id" TEXT NOT NULL,
    "organisationId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "actions" TEXT[],
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "custom_role_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "team" (
    "id" TEXT NOT NULL,
    "organisationId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "team_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "team_member" (
    "organisationId" TEXT NOT NULL,
    "teamId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "team_member_pkey" PRIMARY KEY ("teamId","userId")
);

-- CreateTable
CREATE TABLE "token" (
    "id" TEXT NOT NULL,
    "organisationId" TEXT NOT NULL,
    "kind" "token_kind" NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "hint" TEXT NOT NULL,
    "userId" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdBy" JSONB NOT NULL,
    "expiresAt" TIMESTAMPTZ(3),
    "lastUsedAt" TIMESTAMPTZ(3),
    "revokedAt" TIMESTAMPTZ(3),

    CONSTRAINT "token_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "grant_organisationId_userId_idx" ON "grant"("organisationId", "userId");

-- CreateIndex
CREATE INDEX "grant_organisationId_teamId_idx" ON "grant"("organisationId", "teamId");

-- CreateIndex
CREATE INDEX "grant_organisationId_tokenId_idx" ON "grant"("organisationId", "tokenId");

-- CreateIndex
CREATE UNIQUE INDEX "custom_role_organisationId_key_key" ON "custom_role"("organisationId", "key");

-- CreateIndex
CREATE UNIQUE INDEX "custom_role_organisationId_id_key" ON "custom_role"("organisationId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "team_organisationId_key_key" ON "team"("organisationId", "key");

-- CreateIndex
CREATE UNIQUE INDEX "team_organisationId_id_key" ON "team"("organisationId", "id");

-- CreateIndex
CREATE INDEX "team_member_organisationId_userId_idx" ON "team_member"("organisationId", "userId");

-- CreateIndex
CREATE UNIQUE INDEX "token_hash_key" ON "token"("hash");

-- CreateIndex
CREATE INDEX "token_organisationId_userId_idx" ON "token"("organisationId", "userId");

-- CreateIndex
CREATE UNIQUE INDEX "token_organisationId_id_key" ON "token"("organisationId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "environment_projectId_id_key" ON "environment"("projectId", "id");

-- CreateIndex
CREATE INDEX "experiment_teamId_idx" ON "experiment"("teamId");

-- CreateIndex
CREATE INDEX "flag_teamId_idx" ON "flag"("teamId");

-- CreateIndex
CREATE INDEX "metric_teamId_idx" ON "metric"("teamId");

-- CreateIndex
CREATE UNIQUE INDEX "project_organisationId_id_key" ON "project"("organisationId", "id");

-- CreateIndex
CREATE INDEX "segment_teamId_idx" ON "segment"("teamId");

-- AddForeignKey
ALTER TABLE "grant" ADD CONSTRAINT "grant_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grant" ADD CONSTRAINT "grant_organisationId_userId_fkey" FOREIGN KEY ("organisationId", "userId") REFERENCES "member"("organisationId", "userId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grant" ADD CONSTRAINT "grant_organisationId_teamId_fkey" FOREIGN KEY ("organisationId", "teamId") REFERENCES "team"("organisationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grant" ADD CONSTRAINT "grant_organisationId_tokenId_fkey" FOREIGN KEY ("organisationId", "tokenId") REFERENCES "token"("organisationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grant" ADD CONSTRAINT "grant_organisationId_customRoleId_fkey" FOREIGN KEY ("organisationId", "customRoleId") REFERENCES "custom_role"("organisationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grant" ADD CONSTRAINT "grant_organisationId_projectId_fkey" FOREIGN KEY ("organisationId", "projectId") REFERENCES "project"("organisationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grant" ADD CONSTRAINT "grant_projectId_environmentId_fkey" FOREIGN KEY ("projectId", "environmentId") REFERENCES "environment"("projectId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "custom_role" ADD CONSTRAINT "custom_role_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team" ADD CONSTRAINT "team_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_member" ADD CONSTRAINT "team_member_organisationId_teamId_fkey" FOREIGN KEY ("organisationId", "teamId") REFERENCES "team"("organisationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_member" ADD CONSTRAINT "team_member_organisationId_userId_fkey" FOREIGN KEY ("organisationId", "userId") REFERENCES "member"("organisationId", "userId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "token" ADD CONSTRAINT "token_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "token" ADD CONSTRAINT "token_organisationId_userId_fkey" FOREIGN KEY ("organisationId", "userId") REFERENCES "member"("organisationId", "userId") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "metric" ADD CONSTRAINT "metric_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "experiment" ADD CONSTRAINT "experiment_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flag" ADD CONSTRAINT "flag_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "segment" ADD CONSTRAINT "segment_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "team"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- A grant binds exactly one subject to exactly one role; an environment is named with its project.
ALTER TABLE "grant" ADD CONSTRAINT "grant_one_subject" CHECK (num_nonnulls("userId", "teamId", "tokenId") = 1);
ALTER TABLE "grant" ADD CONSTRAINT "grant_one_role" CHECK (num_nonnulls("role", "customRoleId") = 1);
ALTER TABLE "grant" ADD CONSTRAINT "grant_environment_in_project" CHECK ("environmentId" IS NULL OR "projectId" IS NOT NULL);
CREATE UNIQUE INDEX "grant_once" ON "grant"(
    "organisationId", COALESCE("userId", "teamId", "tokenId"), COALESCE("role", "customRoleId"),
    COALESCE("projectId", ''), COALESCE("environmentId", '')
);

-- A personal token is somebody's, a service token nobody's.
ALTER TABLE "token" ADD CONSTRAINT "token_person" CHECK (("kind" = 'personal') = ("userId" IS NOT NULL));

-- What a team owns is of its own organisation. The owned rows know their project only, so a trigger says it.
CREATE FUNCTION "refuse_foreign_team"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM "team" JOIN "project" ON "project"."organisationId" = "team"."organisationId"
    WHERE "team"."id" = NEW."teamId" AND "project"."id" = NEW."projectId";
  IF NOT FOUND THEN
    RAISE EXCEPTION 'team % is not of the organisation of this %', NEW."teamId", TG_TABLE_NAME
      USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER "flag_team" BEFORE INSERT OR UPDATE OF "teamId", "projectId" ON "flag" FOR EACH ROW
  WHEN (NEW."teamId" IS NOT NULL) EXECUTE FUNCTION "refuse_foreign_team"();
CREATE TRIGGER "segment_team" BEFORE INSERT OR UPDATE OF "teamId", "projectId" ON "segment" FOR EACH ROW
  WHEN (NEW."teamId" IS NOT NULL) EXECUTE FUNCTION "refuse_foreign_team"();
CREATE TRIGGER "experiment_team" BEFORE INSERT OR UPDATE OF "teamId", "projectId" ON "experiment" FOR EACH ROW
  WHEN (NEW."teamId" IS NOT NULL) EXECUTE FUNCTION "refuse_foreign_team"();
CREATE TRIGGER "metric_team" BEFORE INSERT OR UPDATE OF "teamId", "projectId" ON "metric" FOR EACH ROW
  WHEN (NEW."teamId" IS NOT NULL) EXECUTE FUNCTION "refuse_foreign_team"();

-- Members keep what they may do: their role becomes a grant of the built-in role of the same key.
INSERT INTO "grant" ("id", "organisationId", "userId", "role", "createdAt", "createdBy")
  SELECT gen_random_uuid()::text, "organisationId", "userId", "role"::text, "createdAt",
    '{"kind": "system", "id": null, "name": "migration"}'::jsonb
  FROM "member";
