-- DropIndex
DROP INDEX "project_key_key";

-- AlterTable
ALTER TABLE "environment" ADD COLUMN     "archivedAt" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "project" ADD COLUMN     "archivedAt" TIMESTAMPTZ(3),
ADD COLUMN     "position" INTEGER NOT NULL DEFAULT 0;

-- CreateIndex
CREATE UNIQUE INDEX "project_organisationId_key_key" ON "project"("organisationId", "key");
