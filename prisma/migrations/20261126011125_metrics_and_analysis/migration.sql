-- AlterTable
ALTER TABLE "experiment" ADD COLUMN     "plan" JSONB,
ADD COLUMN     "plannedUnits" INTEGER,
ADD COLUMN     "settings" JSONB NOT NULL DEFAULT '{}';

-- AlterTable
ALTER TABLE "experiment_metric" ADD COLUMN     "margin" DOUBLE PRECISION,
ADD COLUMN     "minimumEffect" DOUBLE PRECISION;

-- AlterTable
ALTER TABLE "metric" ADD COLUMN     "definition" JSONB,
ADD COLUMN     "format" JSONB,
ADD COLUMN     "margin" DOUBLE PRECISION NOT NULL DEFAULT 0,
ADD COLUMN     "minimumEffect" DOUBLE PRECISION,
ADD COLUMN     "revision" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "organisation" ADD COLUMN     "settings" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "settingsRevision" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "snapshot" ADD COLUMN     "breakdown" TEXT;

-- CreateTable
CREATE TABLE "analysis_state" (
    "experimentId" TEXT NOT NULL,
    "lastRunAt" TIMESTAMPTZ(3),
    "dataTo" TIMESTAMPTZ(3),
    "seconds" DOUBLE PRECISION,
    "isSlow" BOOLEAN NOT NULL DEFAULT false,
    "problem" TEXT,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "newsCheckedAt" TIMESTAMPTZ(3),

    CONSTRAINT "analysis_state_pkey" PRIMARY KEY ("experimentId")
);

-- CreateTable
CREATE TABLE "analysis_request" (
    "id" TEXT NOT NULL,
    "experimentId" TEXT NOT NULL,
    "breakdown" TEXT,
    "requestedBy" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMPTZ(3),
    "finishedAt" TIMESTAMPTZ(3),
    "snapshotId" TEXT,
    "problem" TEXT,

    CONSTRAINT "analysis_request_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "analysis_request_experimentId_finishedAt_idx" ON "analysis_request"("experimentId", "finishedAt");

-- AddForeignKey
ALTER TABLE "analysis_state" ADD CONSTRAINT "analysis_state_experimentId_fkey" FOREIGN KEY ("experimentId") REFERENCES "experiment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "analysis_request" ADD CONSTRAINT "analysis_request_experimentId_fkey" FOREIGN KEY ("experimentId") REFERENCES "experiment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
