-- CreateEnum
CREATE TYPE "flag_visibility" AS ENUM ('server', 'client', 'edge');

-- AlterTable
ALTER TABLE "flag" ADD COLUMN     "visibility" "flag_visibility";
