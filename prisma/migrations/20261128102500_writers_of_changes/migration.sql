-- AlterTable
ALTER TABLE "change_set" ADD COLUMN     "writerIds" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- Until now nobody but the author was counted.
UPDATE "change_set" SET "writerIds" = ARRAY["authorId"] WHERE "authorId" IS NOT NULL;
