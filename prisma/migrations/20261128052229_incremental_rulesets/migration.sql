-- AlterTable
ALTER TABLE "environment" ADD COLUMN     "publishedVersion" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "compiled_entry" (
    "environmentId" TEXT NOT NULL,
    "audience" "audience" NOT NULL,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "digest" TEXT NOT NULL,

    CONSTRAINT "compiled_entry_pkey" PRIMARY KEY ("environmentId","audience","kind","key")
);

-- CreateTable
CREATE TABLE "ruleset_version" (
    "environmentId" TEXT NOT NULL,
    "audience" "audience" NOT NULL,
    "version" INTEGER NOT NULL,
    "isWhole" BOOLEAN NOT NULL,
    "content" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ruleset_version_pkey" PRIMARY KEY ("environmentId","audience","version","isWhole")
);

-- AddForeignKey
ALTER TABLE "compiled_entry" ADD CONSTRAINT "compiled_entry_environmentId_fkey" FOREIGN KEY ("environmentId") REFERENCES "environment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ruleset_version" ADD CONSTRAINT "ruleset_version_environmentId_fkey" FOREIGN KEY ("environmentId") REFERENCES "environment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Versions are written once; whole documents of the release before stay where they are and are served until an
-- environment is compiled anew, which the worker does a minute after its start at the latest.
CREATE TRIGGER "ruleset_version_immutable" BEFORE UPDATE ON "ruleset_version" FOR EACH ROW EXECUTE FUNCTION "refuse_update"();
