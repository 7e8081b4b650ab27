-- CreateTable
CREATE TABLE "metric_revision" (
    "metricId" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "definition" JSONB NOT NULL,
    "format" JSONB,
    "direction" "metric_direction" NOT NULL,
    "minimumEffect" DOUBLE PRECISION,
    "margin" DOUBLE PRECISION NOT NULL,
    "absoluteMargin" DOUBLE PRECISION,
    "sentence" TEXT NOT NULL,
    "actor" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "metric_revision_pkey" PRIMARY KEY ("metricId","revision")
);

-- AddForeignKey
ALTER TABLE "metric_revision" ADD CONSTRAINT "metric_revision_metricId_fkey" FOREIGN KEY ("metricId") REFERENCES "metric"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Written once, as every revision.
CREATE TRIGGER "metric_revision_immutable" BEFORE UPDATE ON "metric_revision" FOR EACH ROW EXECUTE FUNCTION "refuse_update"();
