-- AlterTable
ALTER TABLE "analysis_request" ADD COLUMN     "sequence" BIGSERIAL NOT NULL;

-- AlterTable
ALTER TABLE "experiment" ADD COLUMN     "stoppedAt" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "snapshot" ADD COLUMN     "sequence" BIGSERIAL NOT NULL;

-- CreateIndex
CREATE INDEX "analysis_request_finishedAt_idx" ON "analysis_request"("finishedAt");

-- CreateIndex
CREATE INDEX "snapshot_experimentId_sequence_idx" ON "snapshot"("experimentId", "sequence" DESC);

-- CreateIndex
CREATE INDEX "snapshot_experimentId_breakdown_sequence_idx" ON "snapshot"("experimentId", "breakdown", "sequence" DESC);

-- Rows of both tables are numbered as they lie, which is as they were written: snapshots are never changed or deleted.

-- The database says when an experiment was stopped, whichever release stops it. `updatedAt` moves with every edit; of
-- experiments that were stopped before it is the best that is known.
UPDATE "experiment" SET "stoppedAt" = "updatedAt" WHERE "status" = 'ended';

CREATE FUNCTION "note_stop"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."stoppedAt" := clock_timestamp();
  RETURN NEW;
END
$$;

CREATE TRIGGER "experiment_stopped" BEFORE INSERT OR UPDATE ON "experiment" FOR EACH ROW
  WHEN (NEW."status" = 'ended' AND NEW."stoppedAt" IS NULL)
  EXECUTE FUNCTION "note_stop"();
