-- CreateEnum
CREATE TYPE "release_status" AS ENUM ('draft', 'scheduled', 'running', 'paused', 'baking', 'completed', 'decommissioned', 'rolling_back', 'rolled_back', 'rollback_unverified', 'cancelled');

-- CreateTable
CREATE TABLE "release" (
    "id" TEXT NOT NULL,
    "projectId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "flagId" TEXT NOT NULL,
    "environmentId" TEXT NOT NULL,
    "plan" JSONB NOT NULL,
    "status" "release_status" NOT NULL DEFAULT 'draft',
    "state" JSONB NOT NULL,
    "stateVersion" INTEGER NOT NULL DEFAULT 0,
    "baseline" JSONB,
    "watch" JSONB,
    "evidence" JSONB,
    "evidenceAt" TIMESTAMPTZ(3),
    "owns" TEXT,
    "nextActionAt" TIMESTAMPTZ(3),
    "createdBy" JSONB NOT NULL,
    "writerIds" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "release_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "release_transition" (
    "releaseId" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "before" JSONB NOT NULL,
    "after" JSONB NOT NULL,
    "sentence" TEXT NOT NULL,
    "comment" TEXT NOT NULL DEFAULT '',
    "evidence" JSONB NOT NULL,
    "revision" INTEGER,
    "version" INTEGER,
    "actor" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "release_transition_pkey" PRIMARY KEY ("releaseId","sequence")
);

-- CreateIndex
CREATE UNIQUE INDEX "release_owns_key" ON "release"("owns");

-- CreateIndex
CREATE INDEX "release_nextActionAt_idx" ON "release"("nextActionAt");

-- CreateIndex
CREATE INDEX "release_flagId_environmentId_idx" ON "release"("flagId", "environmentId");

-- CreateIndex
CREATE UNIQUE INDEX "release_projectId_number_key" ON "release"("projectId", "number");

-- AddForeignKey
ALTER TABLE "release" ADD CONSTRAINT "release_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "release" ADD CONSTRAINT "release_flagId_fkey" FOREIGN KEY ("flagId") REFERENCES "flag"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "release" ADD CONSTRAINT "release_environmentId_fkey" FOREIGN KEY ("environmentId") REFERENCES "environment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "release_transition" ADD CONSTRAINT "release_transition_releaseId_fkey" FOREIGN KEY ("releaseId") REFERENCES "release"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Written once, as every record of what happened.
CREATE TRIGGER "release_transition_immutable" BEFORE UPDATE ON "release_transition" FOR EACH ROW EXECUTE FUNCTION "refuse_update"();
