-- AlterTable
ALTER TABLE "change_set" ADD COLUMN     "scheduledBy" JSONB;

-- CreateTable
CREATE TABLE "security_event_count" (
    "organisationId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "untold" INTEGER NOT NULL DEFAULT 0,
    "quietUntil" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "security_event_count_pkey" PRIMARY KEY ("organisationId","userId","event","address")
);

-- AddForeignKey
ALTER TABLE "security_event_count" ADD CONSTRAINT "security_event_count_organisationId_userId_fkey" FOREIGN KEY ("organisationId", "userId") REFERENCES "member"("organisationId", "userId") ON DELETE CASCADE ON UPDATE CASCADE;
