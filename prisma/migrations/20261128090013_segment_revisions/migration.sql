-- CreateTable
CREATE TABLE "segment_revision" (
    "segmentId" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "definition" JSONB NOT NULL,
    "sentence" TEXT NOT NULL,
    "actor" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "segment_revision_pkey" PRIMARY KEY ("segmentId","revision")
);

-- AddForeignKey
ALTER TABLE "segment_revision" ADD CONSTRAINT "segment_revision_segmentId_fkey" FOREIGN KEY ("segmentId") REFERENCES "segment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Segments of the release before begin their history with what they are now.
INSERT INTO "segment_revision" ("segmentId", "revision", "name", "description", "definition", "sentence", "actor", "createdAt")
SELECT "id", "revision", "name", "description", "definition", 'As it was before segments had a history.',
       '{"id": null, "kind": "system", "name": "upgrade"}', "updatedAt"
  FROM "segment";
