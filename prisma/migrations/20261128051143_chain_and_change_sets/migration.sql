-- CreateEnum
CREATE TYPE "change_set_state" AS ENUM ('draft', 'in_review', 'approved', 'scheduled', 'applied', 'declined', 'superseded', 'failed');

-- CreateEnum
CREATE TYPE "change_set_note_kind" AS ENUM ('remark', 'approval', 'refusal');

-- DropForeignKey
ALTER TABLE "audit_event" DROP CONSTRAINT "audit_event_projectId_fkey";

-- AlterTable
ALTER TABLE "audit_event" ADD COLUMN     "command" TEXT,
ADD COLUMN     "hash" TEXT,
ADD COLUMN     "organisationId" TEXT,
ADD COLUMN     "requestId" TEXT,
ADD COLUMN     "sequence" BIGINT,
ALTER COLUMN "projectId" DROP NOT NULL;

-- AlterTable
ALTER TABLE "environment" ADD COLUMN     "policy" JSONB NOT NULL DEFAULT '{}';

-- AlterTable
ALTER TABLE "project" ADD COLUMN     "policy" JSONB NOT NULL DEFAULT '{}';

-- CreateTable
CREATE TABLE "organisation_head" (
    "organisationId" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL DEFAULT 0,
    "hash" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "organisation_head_pkey" PRIMARY KEY ("organisationId")
);

-- CreateTable
CREATE TABLE "change_set" (
    "id" TEXT NOT NULL,
    "organisationId" TEXT NOT NULL,
    "projectId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "state" "change_set_state" NOT NULL DEFAULT 'draft',
    "commands" JSONB NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "preview" JSONB NOT NULL,
    "environments" TEXT[],
    "author" JSONB NOT NULL,
    "authorId" TEXT,
    "scheduledAt" TIMESTAMPTZ(3),
    "scheduledById" TEXT,
    "timeZone" TEXT,
    "appliedAt" TIMESTAMPTZ(3),
    "inverse" JSONB,
    "problem" TEXT,
    "revertsId" TEXT,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "change_set_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "change_set_note" (
    "id" TEXT NOT NULL,
    "changeSetId" TEXT NOT NULL,
    "kind" "change_set_note_kind" NOT NULL,
    "text" TEXT NOT NULL DEFAULT '',
    "fingerprint" TEXT,
    "environments" TEXT[],
    "actor" JSONB NOT NULL,
    "actorId" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "change_set_note_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "change_set_state_scheduledAt_idx" ON "change_set"("state", "scheduledAt");

-- CreateIndex
CREATE UNIQUE INDEX "change_set_projectId_number_key" ON "change_set"("projectId", "number");

-- CreateIndex
CREATE INDEX "change_set_note_changeSetId_id_idx" ON "change_set_note"("changeSetId", "id");

-- CreateIndex
CREATE INDEX "audit_event_projectId_object_objectKey_id_idx" ON "audit_event"("projectId", "object", "objectKey", "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "audit_event_organisationId_sequence_key" ON "audit_event"("organisationId", "sequence");

-- AddForeignKey
ALTER TABLE "audit_event" ADD CONSTRAINT "audit_event_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "audit_event" ADD CONSTRAINT "audit_event_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "organisation_head" ADD CONSTRAINT "organisation_head_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "change_set" ADD CONSTRAINT "change_set_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "change_set" ADD CONSTRAINT "change_set_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "change_set" ADD CONSTRAINT "change_set_revertsId_fkey" FOREIGN KEY ("revertsId") REFERENCES "change_set"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "change_set_note" ADD CONSTRAINT "change_set_note_changeSetId_fkey" FOREIGN KEY ("changeSetId") REFERENCES "change_set"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
